"""What `manage.py check` says about workflows: each module that does not import is named, and the site still starts."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004 - Django's word
from django.core.exceptions import ValidationError

from processes.models import ExternalSystem
from processes.models.external_systems import defaults_of
from processes.plugins import registry


@register
def workflow_modules(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """An error for each workflow module that cannot be used, with the reason."""
    return [
        Error(f"The workflow module {problem.module} cannot be used: {problem.reason}", id="processes.E001")
        for problem in registry.problems()
    ]


@register
def limits_of_external_systems(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """An error for each limit in `settings.EXTERNAL_SYSTEMS` that the admin would refuse."""
    found: list[CheckMessage] = []
    for name in settings.EXTERNAL_SYSTEMS:
        try:
            ExternalSystem(name=name, **defaults_of(name)).clean_fields()
        except (ValidationError, TypeError) as error:
            found.append(Error(f"The external system {name} cannot be used: {error}", id="processes.E002"))
    return found


@register
def steps_without_keys(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """A warning for each step whose key is made of its name: it cannot be renamed while a process stands at it."""
    return [
        Warning(
            f'The step "{place.leaf.name}" of {workflow.name} has no key of its own; give it key="{place.leaf.key}".',
            hint="Without it the step cannot get another name while processes of the workflow have not ended.",
            id="processes.W001",
        )
        for workflow in registry.all_workflows().values()
        for place in workflow.tree.places
        if not place.leaf.has_own_key
    ]
