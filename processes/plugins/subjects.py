"""What lists of processes may be narrowed and sorted by because of their subjects, as settings of a site name it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.db.models.expressions import Expression
from django.utils.module_loading import import_string

SubjectFilter = Callable[[str], Q]
"""Given what is looked for, the processes whose subjects have it."""


def filters() -> Mapping[str, SubjectFilter]:
    """Filters by name, from the mappings that `settings.SUBJECT_FILTERS` names."""
    return _merged(getattr(settings, "SUBJECT_FILTERS", []))


def sorts() -> Mapping[str, Expression]:
    """Expressions to sort by, from the mappings that `settings.SUBJECT_SORTS` names."""
    return _merged(getattr(settings, "SUBJECT_SORTS", []))


def _merged(paths: list[str]) -> dict[str, Any]:
    return {name: one for path in paths for name, one in import_string(path).items()}
