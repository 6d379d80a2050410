"""What is kept for a time and then removed: kinds of rows, as the mappings that `settings.RETENTION_KINDS` names.

Which rows are old enough and what refers to them is said by each app; when and how they go is `actions.retention`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.module_loading import import_string

Keys = Sequence[Any]
Referrer = Callable[[Keys], set[Any]]
"""Given ids of processes, those that something refers to yet; asked once a batch."""


@dataclass(frozen=True)
class RetainedKind:
    """Rows that go when they are old.

    `due` are those from before a moment that nothing in their own tables needs, `moment` is the column that tells their
    age (`order` the one by which they go, where that is another), and `free` picks those of some keys that nothing
    refers to. `remove` deletes rows with what belongs to them, in
    the caller's transaction; without it the rows are all there is.
    """

    name: str
    label: str
    due: Callable[[datetime], QuerySet[Any]]
    moment: str
    free: Callable[[Keys], Keys] = list
    remove: Callable[[Keys], None] | None = None
    order: str = ""

    @property
    def ordered_by(self) -> str:
        return self.order or self.moment


def kinds() -> Mapping[str, RetainedKind]:
    """Every kind by name, in the order in which they go: what refers to others first."""
    found = (one for path in settings.RETENTION_KINDS for one in import_string(path))
    return {kind.name: kind for kind in found}


def referrers() -> list[Referrer]:
    """What knows of references to processes from outside this app."""
    return [import_string(path) for path in getattr(settings, "RETENTION_REFERRERS", [])]
