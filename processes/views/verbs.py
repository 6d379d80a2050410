"""What the buttons retry, abort and note of a process do; those that ask something: `interventions`, `answer`."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from processes import actions
from processes.engine.values.text import clean_text
from processes.models import Process
from processes.views.detail import found


@require_POST
def retry(request: HttpRequest, process_id: UUID) -> HttpResponse:
    """Try the failed step again."""
    return _done(
        request,
        process_id,
        "Retry scheduled.",
        lambda by: actions.retry(process_id, by=by, **_when(request)),
    )


@require_POST
def abort(request: HttpRequest, process_id: UUID) -> HttpResponse:
    """End the process."""
    reason = request.POST.get("reason", "")
    return _done(
        request,
        process_id,
        "Process aborted.",
        lambda by: actions.abort(process_id, by=by, reason=reason, **_when(request)),
    )


@require_POST
def note(request: HttpRequest, process_id: UUID) -> HttpResponse:
    """Set the note."""
    text = _text(request, "note", 5000)
    return _done(request, process_id, "Note saved.", lambda by: actions.note(process_id, text, by=by))


def _when(request: HttpRequest) -> dict[str, str]:
    """Once under the idempotency key of the form, and only if the process stands as the person saw it."""
    return {name: request.POST.get(name, "") for name in ("idempotency_key", "seen")}


def _text(request: HttpRequest, name: str, length: int) -> str:
    """A posted text, cut to its length."""
    return clean_text(request.POST.get(name, "")).strip()[:length]


def _done(request: HttpRequest, process_id: UUID, told: str, act: Callable[[User], Process]) -> HttpResponse:
    """Carry out a verb and go back to the process, with what came of it in words."""
    found(process_id)
    assert isinstance(request.user, User)
    try:
        act(request.user)
    except actions.Refused as error:
        messages.error(request, error.reason)
    except actions.InvalidArgument as error:
        messages.error(request, str(error))
    else:
        messages.success(request, told)
    return redirect("processes:detail", process_id)
