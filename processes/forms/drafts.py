"""Answers given so far in a form that is not sent yet, kept on the server for one person."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.utils import timezone

from processes.forms.converting import Typed
from processes.forms.errors import FieldError
from processes.models import FormDraft

KEPT_FOR = timedelta(days=7)
"""A draft that nobody touched for this long goes when its owner begins another one."""
_PROCESS = "process"
_PREFILLED = "prefilled"
_SEEN = "seen"
"""By number of a page: what it showed when it was opened."""
_TYPED = "typed"
"""By number of a page: the places of texts that mean no value, kept for the person to put right."""


class DraftNotFound(LookupError):
    """There is no such draft, or it is another person's or another form's."""


def open_draft(draft_id: UUID, *, user: User, operation: str) -> FormDraft:
    """The draft under this id, or a new one that is not stored before its first page. Raises DraftNotFound."""
    draft = FormDraft.objects.filter(pk=draft_id).first()
    if draft is None:
        return FormDraft(id=draft_id, user=user, operation=operation)
    if draft.user_id != user.pk or draft.operation != operation:
        raise DraftNotFound(draft_id)
    return draft


def is_kept(draft: FormDraft) -> bool:
    """Whether the draft is stored, so that its address alone leads back to it."""
    return not draft._state.adding


def prefill(draft: FormDraft, page: Mapping[str, Any]) -> None:
    """Answer page 0 of a new draft on the person's behalf; that page is then not shown."""
    if not draft.pages:
        draft.pages = [dict(page)]
        draft.lookups = {**draft.lookups, _PREFILLED: True}


def first_page(draft: FormDraft) -> int:
    """The first page that the person is asked: 1 when page 0 was answered on their behalf."""
    return 1 if draft.lookups.get(_PREFILLED) else 0


def keep(
    draft: FormDraft, index: int, answers: Mapping[str, Any], faults: Sequence[FieldError] = (), *, seen: str = ""
) -> None:
    """Store the answers to a page; those to later pages stay, for a person who went back.

    A page with faults stays open: it is asked again before the form is complete. `seen` is what the page had shown;
    what later pages showed depended on other answers, and is forgotten.
    """

    draft.pages = [*draft.pages[:index], dict(answers), *draft.pages[index + 1 :]]
    others = {number: places for number, places in _open(draft).items() if number != str(index)}
    mine = {str(index): [error["loc"] for error in faults]} if faults else {}
    earlier = {number: text for number, text in draft.lookups.get(_SEEN, {}).items() if int(number) < index}
    shown = {**earlier, str(index): seen} if seen else earlier
    draft.lookups = {**draft.lookups, _TYPED: {**others, **mine}, _SEEN: shown}
    _save(draft)


def seen(draft: FormDraft) -> dict[int, str]:
    """What each answered page had shown, by its number, as `keep` was given it."""
    return {int(number): text for number, text in draft.lookups.get(_SEEN, {}).items()}


def answers(draft: FormDraft, index: int) -> dict[str, Any]:
    """The answers to a page so far, with what was typed and means no value marked as such; none to a new page."""
    if index >= len(draft.pages):
        return {}
    page: dict[str, Any] = deepcopy(draft.pages[index])
    for place in _open(draft).get(str(index), []):
        _mark(page, place)
    return page


def first_open(draft: FormDraft) -> int | None:
    """The first page with something that means no value; None where there is none."""
    return min((int(number) for number in _open(draft) if int(number) < len(draft.pages)), default=None)


def _open(draft: FormDraft) -> Mapping[str, list[list[Any]]]:
    places: Mapping[str, list[list[Any]]] = draft.lookups.get(_TYPED, {})
    return places


def _mark(value: Any, place: Sequence[Any]) -> None:
    *parents, last = place
    for step in parents:
        value = value[step]
    if isinstance(value[last], str):
        value[last] = Typed(value[last])


def keep_only(draft: FormDraft, count: int) -> None:
    """Forget answers to pages that the form, as answered now, does not have."""
    if len(draft.pages) > count:
        draft.pages = draft.pages[:count]
        _save(draft)


def finish(draft: FormDraft, process_id: UUID) -> None:
    """Note what came of the draft, so that sending it again leads there."""
    draft.lookups = {**draft.lookups, _PROCESS: str(process_id)}
    _save(draft)


def outcome(draft: FormDraft) -> UUID | None:
    """The process that this draft has become, if it was sent."""
    return UUID(draft.lookups[_PROCESS]) if _PROCESS in draft.lookups else None


def discard(draft: FormDraft) -> None:
    FormDraft.objects.filter(pk=draft.pk).delete()


def _save(draft: FormDraft) -> None:
    values = {"user": draft.user, "operation": draft.operation, "pages": draft.pages, "lookups": draft.lookups}
    _, is_new = FormDraft.objects.update_or_create(pk=draft.pk, defaults=values)
    draft._state.adding = False
    if is_new:
        FormDraft.objects.filter(user=draft.user, updated_at__lt=timezone.now() - KEPT_FOR).delete()
