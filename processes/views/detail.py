"""One process: facts, a timeline that lives, its state, and the buttons with their reasons."""

import uuid
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from processes import queries
from processes.access import permissions
from processes.access.permissions import Action, AnyUser, decide
from processes.api.rows import detail_row
from processes.engine.status import ProcessStatus, RunState
from processes.models import Process
from processes.plugins.panels import SubjectLink, links
from processes.queries import TimelineStep, external_systems

STOP_POLLING = 286
"""The status by which htmx learns that nothing will change any more."""
_SECONDS_MOVING = 1
_SECONDS_STANDING = 5


@dataclass(frozen=True)
class Button:
    """Something that may be done: the reason is empty when it may be."""

    label: str
    icon: str
    url: str
    reason: str


@dataclass(frozen=True)
class Buttons:
    """What can be done with a process; those that make no sense in its status are None."""

    resume: Button | None
    retry: Button | None
    elsewhere: Button | None
    skip: Button | None
    edit: Button | None
    abort: Button
    note: Button
    idempotency_key: str


@require_safe
def process_detail(request: HttpRequest, process_id: UUID) -> HttpResponse:
    permissions.check(request.user, Action.VIEW)
    process = found(process_id)
    return render(request, "processes/process_detail.html", {**live_context(process), **_around(request, process)})


@require_safe
def process_live(request: HttpRequest, process_id: UUID) -> HttpResponse:
    """What a page polls: facts and timeline, and the buttons when the status is not the one it has seen."""
    permissions.check(request.user, Action.VIEW)
    process = found(process_id)
    shown = live_context(process)
    if request.GET.get("seen") != process.status:
        shown = {**shown, **_around(request, process), "with_buttons": True}
    status = STOP_POLLING if process.is_ended else 200
    return render(request, "processes/_process_live.html", shown, status=status)


@require_safe
def process_state(request: HttpRequest, process_id: UUID) -> HttpResponse:
    """The state as a page."""
    permissions.check(request.user, Action.VIEW)
    process = found(process_id)
    shown = {"process": process, "state": queries.current_state(process.pk)}
    return render(request, "processes/process_state.html", shown)


@require_safe
def process_export(request: HttpRequest, process_id: UUID) -> HttpResponse:
    """Everything about a process as a JSON file."""
    permissions.check(request.user, Action.VIEW)
    process = found(process_id)
    option = orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS
    body = orjson.dumps(detail_row(process), default=str, option=option)
    disposition = {"Content-Disposition": f'attachment; filename="process-{process.pk}.json"'}
    return HttpResponse(body, content_type="application/json", headers=disposition)


def found(process_id: UUID) -> Process:
    """The process, or 404."""
    try:
        return queries.find(process_id)
    except Process.DoesNotExist as error:
        raise Http404("There is no process with this id.") from error


def live_context(process: Process) -> dict[str, Any]:
    """What changes while a process runs."""
    steps = queries.with_changes(process.pk, queries.timeline(process))
    moves = process.run_state in {RunState.READY, RunState.RUNNING}
    return {
        "process": process,
        "steps": steps,
        "progress": _progress(steps),
        "seconds": _SECONDS_MOVING if moves else _SECONDS_STANDING,
        "subjects": subjects(process),
        "system": external_systems.row(process.blocked_by_system) if process.blocked_by_system else None,
        "change": queries.definition_change(process),
    }


def subjects(process: Process) -> list[SubjectLink]:
    """What the process is about, with links."""
    about = queries.subjects_of([process.pk]).get(process.pk, [])
    return list(links((subject.kind, subject.id, subject.label) for subject in about).values())


def buttons(process: Process, user: AnyUser) -> Buttons:
    """The buttons of a process with the reason of each that is off."""
    is_suspended = process.status == ProcessStatus.SUSPENDED
    is_retried = process.is_failed or (process.status == ProcessStatus.WAITING and not process.blocked_by_system)
    has_changed = bool(queries.definition_change(process))
    ended = f"The process is {process.status}." if process.is_ended else ""
    return Buttons(
        resume=_button(process, user, Action.RESUME, "Provide input", "forms", "input") if is_suspended else None,
        retry=_button(process, user, Action.RETRY, "Retry", "refresh", "retry") if is_retried else None,
        elsewhere=_button(process, user, Action.SKIP, "Continue at another step", "route", "continue")
        if has_changed
        else None,
        skip=_button(process, user, Action.SKIP, "Skip", "player-skip-forward", "skip")
        if can_be_skipped(process) and not has_changed
        else None,
        edit=_button(process, user, Action.EDIT_STATE, "Edit state", "pencil", "edit-state")
        if can_be_edited(process)
        else None,
        abort=_button(process, user, Action.ABORT, "Abort", "ban", "abort", ended),
        note=_button(process, user, Action.NOTE, "Note", "note", "note"),
        idempotency_key=uuid.uuid4().hex,
    )


def can_be_skipped(process: Process) -> bool:
    """Whether it has stopped at a step that somebody may count as done."""
    return process.is_failed or process.status in {ProcessStatus.WAITING, ProcessStatus.SUSPENDED}


def can_be_edited(process: Process) -> bool:
    """Whether nothing moves it while somebody changes its state."""
    return process.run_state == RunState.STOPPED


def _button(
    process: Process, user: AnyUser, action: Action, label: str, icon: str, name: str, otherwise: str = ""
) -> Button:
    decision = decide(user, action, process)
    url = reverse(f"processes:{name}", args=[process.pk])
    return Button(label, icon, url, otherwise or decision.reason)


def _around(request: HttpRequest, process: Process) -> dict[str, Any]:
    return {"buttons": buttons(process, request.user)}


def _progress(steps: list[TimelineStep]) -> dict[str, int]:
    done = sum(step.latest.status.value in {"success", "skipped"} for step in steps)
    return {"done": done, "all": len(steps)}
