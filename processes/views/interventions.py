"""Pages by which a person intervenes: skip a step, edit the state, go on elsewhere. Each says first what it does."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from processes import actions, queries
from processes.access import permissions
from processes.access.permissions import Action
from processes.engine.values.errors import ResultError
from processes.forms import AGAIN
from processes.lists.methods import require_form
from processes.models import Process
from processes.views.blockers import change_lines
from processes.views.buttons import can_be_edited, can_be_skipped
from processes.views.detail import found
from processes.views.intervention_forms import ContinueForm, InterventionForm, SkipForm, StateForm
from processes.views.wizard import shows_again


@shows_again
@require_form
def skip(request: HttpRequest, process_id: UUID) -> HttpResponse:
    """Count the step at which the process stands as done."""
    process = _allowed(request, process_id, Action.SKIP)
    if (elsewhere := _elsewhere(request, process, "skip", possible=can_be_skipped(process))) is not None:
        return elsewhere
    form = SkipForm(request.POST or None, initial=_new(process))
    if _is_sent(request) and form.is_valid():
        given = form.cleaned_data

        def act(by: User) -> Process:
            return actions.skip(
                process_id,
                by=by,
                reason=given["reason"],
                result=given["result"],
                idempotency_key=given["idempotency_key"],
                seen=given["seen"],
            )

        if _done(request, form, act, told="Step skipped.", field="result"):
            return redirect("processes:detail", process_id)
    step = next((one for one in queries.timeline(process) if one.is_current), None)
    return _show(request, "processes/process_skip.html", {"process": process, "form": form, "step": step})


@shows_again
@require_form
def edit_state(request: HttpRequest, process_id: UUID) -> HttpResponse:
    """Replace values of the state."""
    process = _allowed(request, process_id, Action.EDIT_STATE)
    if (elsewhere := _elsewhere(request, process, "edit", possible=can_be_edited(process))) is not None:
        return elsewhere
    initial = _new(process)
    form = StateForm(queries.current_state(process_id), request.POST or None, initial=initial)
    is_valid = form.is_valid()
    if request.method == "POST" and (again := form.told_changes(initial)) is not None:
        changes = change_lines(queries.edits_since(process, request.POST.get("seen", "")))
        shown = {"process": process, "form": again, "changes": changes}
        return render(request, "processes/process_edit_state.html", shown, status=409)
    if _is_sent(request) and is_valid:
        given = form.cleaned_data

        def act(by: User) -> Process:
            return actions.edit_state(
                process_id,
                form.changes(),
                by=by,
                reason=given["reason"],
                idempotency_key=given["idempotency_key"],
                seen=initial["seen"],
            )

        if _done(request, form, act, told="State changed.", field="patch"):
            return redirect("processes:detail", process_id)
    return _show(request, "processes/process_edit_state.html", {"process": process, "form": form})


@shows_again
@require_form
def continue_at(request: HttpRequest, process_id: UUID) -> HttpResponse:
    """Continue at a step of the present plan."""
    process = _allowed(request, process_id, Action.SKIP)
    rows = queries.definition_change(process)
    if (elsewhere := _elsewhere(request, process, "continue", possible=bool(rows))) is not None:
        return elsewhere
    form = ContinueForm(rows, request.POST or None, initial=_new(process))
    if _is_sent(request) and form.is_valid():
        given = form.cleaned_data

        def act(by: User) -> Process:
            return actions.continue_at(
                process_id,
                given["path"],
                by=by,
                reason=given["reason"],
                idempotency_key=given["idempotency_key"],
                seen=given["seen"],
            )

        if _done(request, form, act, told="Process continued.", field="path"):
            return redirect("processes:detail", process_id)
    return _show(request, "processes/process_continue.html", {"process": process, "form": form, "rows": rows})


def _elsewhere(request: HttpRequest, process: Process, verb: str, *, possible: bool) -> HttpResponse | None:
    """Back to the process when this was done already, by a form that was sent twice, or makes no sense now."""
    idempotency_key = request.POST.get("idempotency_key", "")
    if actions.is_used(_user(request).get_username(), f"{verb}:{process.pk}", idempotency_key):
        return redirect("processes:detail", process.pk)
    if possible:
        return None
    messages.error(request, f"This is not possible now: the process is {process.status}.")
    return redirect("processes:detail", process.pk)


def _is_sent(request: HttpRequest) -> bool:
    """Whether the form is to be carried out: not what was typed before a sign-in, which is only shown."""
    return request.method == "POST" and AGAIN not in request.POST


def _new(process: Process) -> dict[str, str]:
    """What a form that is shown for the first time holds: a new key, and where the process stands."""
    return {"idempotency_key": uuid4().hex, "seen": process.stand}


def _allowed(request: HttpRequest, process_id: UUID, action: Action) -> Process:
    process = found(process_id)
    permissions.check(request.user, action, process)
    return process


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _done(
    request: HttpRequest, form: InterventionForm, act: Callable[[User], Process], *, told: str, field: str
) -> bool:
    """Carry it out; whether the page is left. What does not fit is told at its field, `field` for what is given."""
    try:
        act(_user(request))
    except actions.InvalidArgument as error:
        form.add_error(error.field if error.field in form.fields else field, str(error))
        return False
    except ResultError as error:
        form.add_error(field, str(error))
        return False
    except actions.Moved as moved:
        form.see_again(moved)
        return False
    except actions.Refused as error:
        messages.error(request, error.reason)
    else:
        messages.success(request, told)
    return True


def _show(request: HttpRequest, template: str, shown: dict[str, Any]) -> HttpResponse:
    is_wrong = AGAIN not in request.POST and shown["form"].errors
    return render(request, template, shown, status=422 if is_wrong else 200)
