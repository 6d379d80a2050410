"""What can be done with a process, as the buttons of its page: each with the reason when it is off."""

import uuid
from dataclasses import dataclass

from django.urls import reverse

from processes import queries
from processes.access.permissions import Action, AnyUser, decide
from processes.engine.values.status import ProcessStatus, RunState
from processes.models import Process


@dataclass(frozen=True)
class Button:
    """Something that may be done: the reason is empty when it may be."""

    name: str
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
    seen: str


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
        seen=seen(process),
    )


def seen(process: Process) -> str:
    """What somebody who looks at a process that stands still has seen; one that moves is what it is to them."""
    return process.stand if process.run_state == RunState.STOPPED else ""


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
    return Button(name, label, icon, url, otherwise or decision.reason)
