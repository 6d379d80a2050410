"""What `manage.py check` says about workflows: each module that does not import is named, and the site still starts."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from processes.plugins import registry


@register
def workflow_modules(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:  # noqa: ARG001
    """An error for each workflow module that cannot be used, with the reason."""
    return [
        Error(f"The workflow module {problem.module} cannot be used: {problem.reason}", id="processes.E001")
        for problem in registry.problems()
    ]
