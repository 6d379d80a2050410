"""Changes of a subscription as people read them: texts in place of JSON, and names in place of references."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.html import format_html

from processes.lists.values import for_people, moment_for_people
from processes.plugins.panels import FieldChange
from subscriptions.display.cards import subscription_link
from subscriptions.models import Subscription
from subscriptions.queries.history import Labelled, Moment, Reference, VersionRow
from subscriptions.queries.unseen import UNSEEN
from subscriptions.tree import Change

Names = Mapping[str, str]
"""What subscriptions are called, by id."""


def names_in(changes: Iterable[Change]) -> Names:
    """The present descriptions of all subscriptions that changes refer to, in one query; none without references."""
    values = [value for change in changes for value in (change.before, change.after)]
    owners = {UUID(value.owner_id) for value in values if isinstance(value, Reference) and not value.is_hidden}
    if not owners:
        return {}
    rows = Subscription.objects.filter(pk__in=owners).values_list("id", "description")
    return {str(pk): description for pk, description in rows}


def readable(changes: Iterable[Change], names: Names) -> tuple[FieldChange, ...]:
    """Changes with texts for people, in the same order."""
    return tuple(
        FieldChange(change.path, change.kind, _text(change.before, names), _text(change.after, names))
        for change in changes
    )


def readable_rows(rows: Iterable[VersionRow]) -> list[tuple[VersionRow, tuple[FieldChange, ...]]]:
    """Each version with its changes for people; one query for all names."""
    listed = list(rows)
    names = names_in(change for row in listed for change in row.changes)
    return [(row, readable(row.changes, names)) for row in listed]


def _text(value: Any, names: Names) -> str | None:
    match value:
        case None:
            return None
        case Reference():
            return UNSEEN if value.is_hidden else _linked(value, names)
        case Labelled():
            return value.label
        case Moment():
            return moment_for_people(value) or value
        case str():
            return value
        case _:
            return for_people(value)


def _linked(reference: Reference, names: Names) -> str:
    link = subscription_link(reference.owner_id, names.get(reference.owner_id, reference.owner_id))
    return format_html('<a href="{}">{}</a>', link.url, link.label)
