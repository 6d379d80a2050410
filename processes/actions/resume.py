"""Go on with a process: give a suspended one its input, or try the failed step again."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser
from django.db.models import F

from processes import audit, permissions, queue, registry
from processes import crashpoints as at
from processes.actions.errors import NotPossible
from processes.actions.find import find, lock
from processes.actions.locks import acquire
from processes.actions.once import done_before, first_time
from processes.clock import EngineNow
from processes.engine.definition import Step, Workflow
from processes.engine.run import AT_END
from processes.engine.state import StateBytes
from processes.engine.status import ProcessStatus, RunState, StepStatus
from processes.forms import walk
from processes.models import Process
from processes.permissions import Action
from processes.store import load_state


def resume(process_id: UUID, pages: Sequence[Mapping[str, Any]], *, by: AbstractUser, once: str = "") -> Process:
    """Give input to a suspended process, or retry one that failed or waits (which takes no pages).

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
    workflow = registry.get(process.workflow_name)
    step = waiting_step(workflow, process)
    answers = walk(step.function, load_state(process_id).as_dict(), pages)
    answered = first_time(name, operation, once, given, lambda: _answer(process, workflow, step, answers, by=name))
    at.reach("answered")
    return answered


def waiting_step(workflow: Workflow, process: Process) -> Step:
    """The input step at which a process is suspended. Raises NotPossible when this release has none there."""
    step = workflow.step_at(process.position_path)
    if step is None:
        raise NotPossible(f"The workflow {workflow.name} was changed and has no step {process.position_path} now.")
    return step


def _answer(seen: Process, workflow: Workflow, step: Step, answers: Mapping[str, Any], *, by: str) -> Process:
    process = lock(seen.pk)
    if process.status != ProcessStatus.SUSPENDED or process.position_path != seen.position_path:
        raise NotPossible("Somebody else has answered, or the process was aborted.")
    patch = StateBytes.of(answers)
    load_state(process.pk).with_patch(patch.values())
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
    name = by.get_username()
    retried = first_time(name, f"retry:{process_id}", once, None, lambda: _retry(process_id, by=name))
    at.reach("retried")
    return retried


def _retry(process_id: UUID, *, by: str) -> Process:
    process = lock(process_id)
    if not (process.is_failed or process.status == ProcessStatus.WAITING):
        raise NotPossible(f"Only a failed or waiting process can be retried; this one is {process.status}.")
    acquire(process, process.lock_keys)
    at.reach("retry-locked")
    _make_ready(process, retry_base=F("position_attempt"), crash_count=0)
    audit.record("retry", by=by, kind="process", subject=process_id, detail={"step": process.position_path})
    return find(process_id)


def _make_ready(process: Process, **changes: object) -> None:
    now = EngineNow()
    Process.objects.filter(pk=process.pk).update(
        run_state=RunState.READY,
        status=ProcessStatus.RESUMED,
        fence=F("fence") + 1,
        owner="",
        ready_at=now,
        last_modified_at=now,
        assignee="SYSTEM",
        **changes,
    )
    queue.wake()
