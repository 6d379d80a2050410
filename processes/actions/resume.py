"""Go on with a process: give a suspended one its input, or try the failed step again."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser
from django.db.models import F

from processes import audit, permissions, queue, registry
from processes import crashpoints as at
from processes.actions.engine import check_running
from processes.actions.errors import NotPossible
from processes.actions.find import find, lock
from processes.actions.locks import acquire
from processes.actions.once import done_before, first_time
from processes.clock import EngineNow
from processes.engine.definition import Workflow
from processes.engine.execute import narrow, widen
from processes.engine.run import AT_END
from processes.engine.state import StateBytes, encode
from processes.engine.status import ProcessStatus, RunState, StepStatus
from processes.engine.steps import Step
from processes.forms import walk
from processes.models import Process
from processes.permissions import Action
from processes.store import load_state


def resume(process_id: UUID, pages: Sequence[Mapping[str, Any]], *, by: AbstractUser, once: str = "") -> Process:
    """Provide input to a suspended process, or retry one that failed or waits (which takes no pages).

    Raises Process.DoesNotExist, Denied, FormIncomplete, FormInvalid, NotPossible, LockHeld; nothing has changed then.
    """
    process = find(process_id)
    name, operation, given = by.get_username(), f"resume:{process_id}", list(pages)
    repeated = done_before(name, operation, once, given)
    if repeated is not None:
        return repeated
    if process.status != ProcessStatus.SUSPENDED:
        return retry(process_id, by=by, once=once)
    permissions.check(by, Action.RESUME, process)
    check_running()
    workflow = registry.get(process.workflow_name)
    step = waiting_step(workflow, process)
    answers = walk(step.function, narrow(load_state(process_id), step.focus).as_dict(), pages)
    answered = first_time(
        name, "resume", process_id, once, given, lambda: _answer(process, workflow, step, answers, by=name)
    )
    at.reach("answered")
    return answered


def waiting_step(workflow: Workflow, process: Process) -> Step:
    """The step at which a process is suspended. Raises NotPossible when its definition was changed up to there."""
    step = workflow.step_at(process.position_path)
    try:
        registry.version_to_go_on_with(process.workflow_version_id, workflow, process.position_path)
    except registry.DefinitionChanged as changed:
        raise NotPossible(str(changed)) from changed
    if step is None:
        raise NotPossible("The process has ended; it does not need input.")
    return step


def _answer(seen: Process, workflow: Workflow, step: Step, answers: Mapping[str, Any], *, by: str) -> Process:
    process = lock(seen.pk)
    if process.status != ProcessStatus.SUSPENDED or process.position_path != seen.position_path:
        raise NotPossible("The input was already given, or the process was aborted.")
    state = load_state(process.pk)
    patch = StateBytes(widen(state, step.focus, encode(answers)))
    state.with_patch(patch.values())
    process.steps.filter(path=step.key, visit=process.position_visit, status=StepStatus.SUSPEND).update(
        status=StepStatus.SUCCESS,
        patch=patch.as_dict(),
        sequence=process.sequence + 1,
        created_by=by,
        completed_at=EngineNow(),
    )
    at.reach("answer-written")
    following = workflow.after(step.key)
    _make_ready(
        process,
        workflow_version_id=registry.version_id(workflow),
        position_path=following.path if following else AT_END,
        position_attempt=0,
        retry_base=0,
        sequence=F("sequence") + 1,
    )
    audit.record("resume", by=by, kind="process", subject=process.pk, detail={"step": step.key})
    return find(process.pk)


def retry(process_id: UUID, *, by: AbstractUser, once: str = "") -> Process:
    """Try the step again at which a process failed or waits, with the state before it and a new budget of tries.

    Its locks are taken again. Raises Process.DoesNotExist, Denied, NotPossible, LockHeld; nothing has changed then.
    """
    process = find(process_id)
    permissions.check(by, Action.RETRY, process)
    check_running()
    name = by.get_username()
    retried = first_time(name, "retry", process_id, once, None, lambda: _retry(process_id, by=name))
    at.reach("retried")
    return retried


def _retry(process_id: UUID, *, by: str) -> Process:
    process = lock(process_id)
    if not (process.is_failed or process.status == ProcessStatus.WAITING):
        raise NotPossible(f"Only a failed or waiting process can be retried; this process is {process.status}.")
    acquire(process.pk, process.lock_keys)
    at.reach("retry-locked")
    _make_ready(process, **_place_of_retry(process))
    audit.record("retry", by=by, kind="process", subject=process_id, detail={"step": process.position_path})
    return find(process_id)


def _place_of_retry(process: Process) -> dict[str, Any]:
    """The step that failed, or the first of its group when the whole group is to run again, one visit later."""
    step = _step_of(process)
    if step is None or not step.restart_at:
        return {"retry_base": F("position_attempt"), "crash_count": 0}
    plan = registry.get(process.workflow_name).plan
    first = next(one.path for one in plan if one.path.startswith(f"{step.restart_at}/"))
    return {
        "position_path": first,
        "position_visit": F("position_visit") + 1,
        "position_attempt": 0,
        "retry_base": 0,
        "crash_count": 0,
    }


def _step_of(process: Process) -> Step | None:
    try:
        return registry.get(process.workflow_name).step_at(process.position_path)
    except registry.UnknownWorkflow:
        return None


def _make_ready(process: Process, **changes: object) -> None:
    now = EngineNow()
    Process.objects.filter(pk=process.pk).update(
        run_state=RunState.READY,
        status=ProcessStatus.RESUMED,
        fence=F("fence") + 1,
        owner="",
        waits_for="",
        ready_at=now,
        last_modified_at=now,
        assignee="SYSTEM",
        **changes,
    )
    queue.wake()
