"""What the buttons retry, abort and note of a process do; those that ask something: `interventions`, `answer`."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from processes import actions
from processes.access import permissions
from processes.access.permissions import Action
from processes.forms import AGAIN
from processes.lists.methods import require_POST
from processes.models import Process
from processes.views.detail import found
from processes.views.verb_forms import AbortForm, NoteForm
from processes.views.wizard import shows_again


@require_POST
def retry(request: HttpRequest, process_id: UUID) -> HttpResponse:
    """Try the failed step again."""
    return _done(
        request,
        process_id,
        "Retry scheduled.",
        lambda by: actions.retry(process_id, by=by, **_when(request)),
    )


@shows_again
@require_POST
def abort(request: HttpRequest, process_id: UUID) -> HttpResponse:
    """End the process."""
    form = AbortForm(request.POST)
    if AGAIN in request.POST or not form.is_valid():
        return _again(request, process_id, form, title="Abort process", label="Abort the process", tone="danger")
    given = form.cleaned_data
    try:
        return _done(
            request,
            process_id,
            "Process aborted.",
            lambda by: actions.abort(process_id, by=by, reason=given["reason"], **_when(request)),
        )
    except actions.Moved as moved:
        again = form.told_move(moved)
        return _again(request, process_id, again, title="Abort process", label="Abort the process", tone="danger")


@shows_again
@require_POST
def note(request: HttpRequest, process_id: UUID) -> HttpResponse:
    """Set the note; where somebody has changed it meanwhile, show both."""
    form = NoteForm(request.POST)
    if AGAIN in request.POST or not form.is_valid():
        return _again(request, process_id, form, title="Note on this process", label="Save note")
    text = form.cleaned_data["note"]
    try:
        return _done(
            request,
            process_id,
            "Note saved.",
            lambda by: actions.note(process_id, text, by=by, seen=form.seen),
        )
    except actions.NoteChanged as changed:
        again = form.told_change(changed)
        return _again(request, process_id, again, title="Note on this process", label="Save note")


def _when(request: HttpRequest) -> dict[str, str]:
    """Once under the idempotency key of the form, and only if the process stands as the person saw it."""
    return {name: request.POST.get(name, "") for name in ("idempotency_key", "seen")}


def _again(
    request: HttpRequest, process_id: UUID, form: Form, *, title: str, label: str, tone: str = "primary"
) -> HttpResponse:
    """The form on a page of its own, with what is wrong and all that was typed."""
    process = found(process_id)
    permissions.check(request.user, Action.VIEW, process)
    shown = {"process": process, "form": form, "title": title, "label": label, "tone": tone}
    return render(request, "processes/process_verb.html", shown, status=200 if AGAIN in request.POST else 422)


def _done(request: HttpRequest, process_id: UUID, told: str, act: Callable[[User], Process]) -> HttpResponse:
    """Carry out a verb and go back to the process, with what came of it in words. Raises NoteChanged.

    Raises Moved where something was typed that would be lost.
    """
    found(process_id)
    assert isinstance(request.user, User)
    try:
        act(request.user)
    except actions.NoteChanged:
        raise
    except actions.Refused as error:
        if isinstance(error, actions.Moved) and request.POST.get("reason"):
            raise
        messages.error(request, error.reason)
    except actions.InvalidArgument as error:
        messages.error(request, str(error))
    else:
        messages.success(request, told)
    return redirect("processes:detail", process_id)
