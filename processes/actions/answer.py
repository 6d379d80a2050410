"""Go on with a process: give a suspended one its input, or try the failed step again."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser

from processes import store
from processes.access import audit, permissions
from processes.access.permissions import Action
from processes.actions.errors import check_seen
from processes.actions.idempotency import find_recorded, run_once
from processes.actions.pause import check_running
from processes.actions.retry import retry
from processes.engine import transitions
from processes.engine.kinds.node import narrow, widen
from processes.engine.steps import FormGenerator
from processes.engine.tree import Place
from processes.engine.values.errors import Refused
from processes.engine.values.state import encode
from processes.engine.values.status import ProcessStatus
from processes.engine.workflow import Workflow
from processes.forms import walk
from processes.models import Process
from processes.plugins import registry
from processes.store import failpoints, load_state, questions, wakeups


def answer(
    process_id: UUID,
    pages: Sequence[Mapping[str, Any]],
    *,
    by: AbstractUser,
    idempotency_key: str = "",
    seen: str = "",
) -> Process:
    """Provide input to a suspended process, or retry one that failed or waits, which takes no answers: `[]` or `[{}]`.

    Raises Process.DoesNotExist, Denied, FormIncomplete, FormInvalid, Refused (also for answers that nobody asked for;
    Moved, when the process does not stand as `seen`), LockHeld; nothing has changed then.
    """
    process = Process.objects.get(pk=process_id)
    name, operation, given = by.get_username(), f"resume:{process_id}", list(pages)
    repeated = find_recorded(name, operation, idempotency_key, given)
    if repeated is not None:
        return repeated
    if process.status != ProcessStatus.SUSPENDED:
        _check_unanswered(process, pages)
        return retry(process_id, by=by, idempotency_key=idempotency_key, seen=seen)
    permissions.check(by, Action.RESUME, process)
    check_running()
    check_seen(process, seen)
    workflow = registry.get(process.workflow_name)
    place = waiting_step(workflow, process)
    answers = walk(workflow.question(place.leaf), narrow(load_state(process_id), place.focus).as_dict(), pages)
    answered = run_once(
        name,
        "resume",
        process_id,
        idempotency_key,
        given,
        lambda: _answer(process, workflow, place, answers, by=name, stand=seen),
    )
    failpoints.hit("answered")
    return answered


def _check_unanswered(process: Process, pages: Sequence[Mapping[str, Any]]) -> None:
    """Raise Refused for answers to a process that asks nothing: they would be thrown away."""
    if any(pages):
        raise Refused(f"The process is {process.status} and does not need input; the answers were not used.")


def waiting_step(workflow: Workflow, process: Process) -> Place:
    """Where a process is suspended. Raises Refused when its definition was changed up to there."""
    place = workflow.tree.place_at(process.position_path)
    try:
        registry.version_to_go_on_with(process.workflow_version_id, workflow, process.position_path)
    except registry.DefinitionChanged as changed:
        raise Refused(str(changed)) from changed
    if place is None:
        raise Refused("The process has ended; it does not need input.")
    return place


def question_of(process: Process) -> FormGenerator:
    """The form that a suspended process asks to fill in. Raises UnknownWorkflow, and Refused as `waiting_step`."""
    workflow = registry.get(process.workflow_name)
    return workflow.question(waiting_step(workflow, process).leaf)


def _answer(
    seen: Process, workflow: Workflow, place: Place, answers: Mapping[str, Any], *, by: str, stand: str
) -> Process:
    process = Process.objects.locked(seen.pk)
    if process.status != ProcessStatus.SUSPENDED or (process.position_path, process.position_visit) != (
        seen.position_path,
        seen.position_visit,
    ):
        raise Refused("The input was already given, or the process was aborted.")
    check_seen(process, stand)
    state = load_state(process.pk)
    patch = widen(state, place.focus, encode(answers))
    to = workflow.tree.after(process.standing.position, state.with_patch(patch))
    questions.answer(process, patch, by=by)
    failpoints.hit("answer-written")
    version_id = registry.version_id(workflow)
    store.move(process, transitions.answered(process.standing, to, step=place.leaf.name, version_id=version_id))
    wakeups.wake()
    audit.record("resume", by=by, kind="process", subject=process.pk, detail={"step": place.path})
    process.refresh_from_db()
    return process
