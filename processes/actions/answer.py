"""Go on with a process: give a suspended one its input, or try the failed step again."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser
from django.db.models import F

from processes.access import audit, permissions
from processes.access.permissions import Action
from processes.actions.find import find, lock
from processes.actions.idempotency import find_recorded, run_once
from processes.actions.pause import check_running
from processes.actions.retry import make_ready, retry
from processes.engine.errors import Refused
from processes.engine.injection import narrow, widen
from processes.engine.plan import AT_END
from processes.engine.state import StateBytes, encode
from processes.engine.status import ProcessStatus, StepStatus
from processes.engine.steps import Step
from processes.engine.workflow import Workflow
from processes.forms import walk
from processes.models import Process
from processes.plugins import registry
from processes.store import failpoints, load_state
from processes.store.clock import EngineNow


def answer(
    process_id: UUID, pages: Sequence[Mapping[str, Any]], *, by: AbstractUser, idempotency_key: str = ""
) -> Process:
    """Provide input to a suspended process, or retry one that failed or waits (which takes no pages).

    Raises Process.DoesNotExist, Denied, FormIncomplete, FormInvalid, Refused, LockHeld; nothing has changed then.
    """
    process = find(process_id)
    name, operation, given = by.get_username(), f"resume:{process_id}", list(pages)
    repeated = find_recorded(name, operation, idempotency_key, given)
    if repeated is not None:
        return repeated
    if process.status != ProcessStatus.SUSPENDED:
        return retry(process_id, by=by, idempotency_key=idempotency_key)
    permissions.check(by, Action.RESUME, process)
    check_running()
    workflow = registry.get(process.workflow_name)
    step = waiting_step(workflow, process)
    answers = walk(step.function, narrow(load_state(process_id), step.focus).as_dict(), pages)
    answered = run_once(
        name, "resume", process_id, idempotency_key, given, lambda: _answer(process, workflow, step, answers, by=name)
    )
    failpoints.hit("answered")
    return answered


def waiting_step(workflow: Workflow, process: Process) -> Step:
    """The step at which a process is suspended. Raises Refused when its definition was changed up to there."""
    step = workflow.step_at(process.position_path)
    try:
        registry.version_to_go_on_with(process.workflow_version_id, workflow, process.position_path)
    except registry.DefinitionChanged as changed:
        raise Refused(str(changed)) from changed
    if step is None:
        raise Refused("The process has ended; it does not need input.")
    return step


def _answer(seen: Process, workflow: Workflow, step: Step, answers: Mapping[str, Any], *, by: str) -> Process:
    process = lock(seen.pk)
    if process.status != ProcessStatus.SUSPENDED or process.position_path != seen.position_path:
        raise Refused("The input was already given, or the process was aborted.")
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
    failpoints.hit("answer-written")
    following = workflow.after(step.key)
    make_ready(
        process,
        workflow_version_id=registry.version_id(workflow),
        position_path=following.path if following else AT_END,
        position_attempt=0,
        retry_base=0,
        sequence=F("sequence") + 1,
    )
    audit.record("resume", by=by, kind="process", subject=process.pk, detail={"step": step.key})
    return find(process.pk)
