"""What pages of processes say of subscriptions: what they are called, and what a step changed in them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse

from processes.lists.addresses import addresses_of
from processes.plugins.panels import StepChange, StepPatch, SubjectLink
from subscriptions.display.cards import compare_address
from subscriptions.display.changes import readable_rows
from subscriptions.models import Subscription
from subscriptions.queries.history import Number, changed_by
from subscriptions.queries.unseen import UNSEEN, unseen
from subscriptions.workflows.session import SUBJECT

LARGEST = 2**31
"""Numbers from here on are no versions; a state may hold any."""
_REFERENCE = {"subscription_id", "version"}


def subjects(kind: str, ids: list[str]) -> Mapping[str, SubjectLink]:
    """Label and address by id, in one query (two for who is limited); nothing for other kinds and for what is gone."""
    if kind != SUBJECT:
        return {}
    keys = [UUID(one) for one in ids]
    rows, hidden = Subscription.objects.filter(pk__in=keys).values_list("id", "description"), unseen(keys)
    address = addresses_of("subscriptions:detail")
    return {
        str(pk): SubjectLink(label=UNSEEN if pk in hidden else description, url="" if pk in hidden else address(pk))
        for pk, description in rows
    }


def changes(process_id: UUID, patches: Sequence[StepPatch]) -> Mapping[int, Sequence[StepChange]]:
    """What each try changed in subscriptions, by row: the difference of versions, in two queries at most."""
    named = {one.row_id: dict.fromkeys(references(one.patch)) for one in patches}
    made = changed_by(process_id, {key for keys in named.values() for key in keys})
    told = dict(zip(made, readable_rows(made.values()), strict=True))
    paths = {one.row_id: one.path for one in patches}
    found: dict[int, list[StepChange]] = {}
    for row_id, keys in named.items():
        for key in keys:
            if key in told and made[key].step_path == paths[row_id]:
                row, fields = told[key]
                found.setdefault(row_id, []).append(_change(key[0], row.number, row.description, fields))
    return found


def references(value: Any) -> Iterator[Number]:
    """The versions of subscriptions that a part of a state refers to, wherever they stand in it."""
    match value:
        case {"subscription_id": str(subscription_id), "version": int(number)} if set(value) == _REFERENCE:
            uuid = _uuid(subscription_id)
            if uuid is not None and 0 < number < LARGEST:
                yield uuid, number
        case Mapping():
            for item in value.values():
                yield from references(item)
        case list():
            for item in value:
                yield from references(item)


def _change(subscription_id: UUID, number: int, description: str, fields: Any) -> StepChange:
    return StepChange(
        label=description,
        url=reverse("subscriptions:detail", args=[subscription_id]),
        note=f"Version {number}",
        note_url=compare_address(subscription_id, number - 1, number),
        fields=fields,
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
