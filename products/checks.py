"""What `manage.py check --database default`, and every `migrate`, says of a catalogue that cannot be built as it is."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004 - Django's word
from django.db import DatabaseError

from products.queries.drafts import draft

MOST = 20


@register(Tags.database)
def catalogue(
    app_configs: Sequence[AppConfig] | None,  # noqa: ARG001
    databases: Sequence[str] | None = None,
    **_: Any,
) -> list[CheckMessage]:
    """Warnings: what is published stays in use, and the modelling tool shows the rows as they are."""
    if not databases:
        return []
    try:
        problems = draft().problems()
    except DatabaseError:  # no tables yet, or no database; others tell
        return []
    return [Warning(f"The catalogue cannot be built here: {one}.", id="products.W001") for one in problems[:MOST]]
