"""Start a process: one transaction makes the process, its locks, its subjects and its state, or nothing."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import AbstractUser

from processes import audit, permissions, queue, registry
from processes import crashpoints as at
from processes.actions.engine import check_running
from processes.actions.errors import NotNow
from processes.actions.locks import acquire
from processes.actions.once import done_before, first_time
from processes.clock import EngineNow
from processes.engine.binding import Start
from processes.engine.definition import RunContext, Workflow
from processes.engine.run import AT_END
from processes.engine.state import StateBytes
from processes.engine.steps import State
from processes.forms import walk
from processes.models import Process, ProcessSubject
from processes.permissions import Action
from processes.store import save_snapshot


def start(workflow_name: str, pages: Sequence[Mapping[str, Any]], *, by: AbstractUser, once: str = "") -> Process:
    """Start a workflow with the answers to its form, one mapping a page.

    The form runs before the transaction. With `once` a repeat returns the process of the first call. Raises
    UnknownWorkflow, Denied, EnginePaused, NotNow, FormIncomplete, FormInvalid, StartRefused, LockHeld, NotPossible;
    nothing is stored then.
    """
    workflow = registry.get(workflow_name)
    permissions.check(by, Action.START, workflow)
    name, operation, asked = by.get_username(), f"start:{workflow.name}", list(pages)
    repeated = done_before(name, operation, once, asked)
    if repeated is not None:
        return repeated
    check_start(workflow)
    given = initial_state(workflow, by=name)
    state = {**given, **walk(workflow.form, given, pages)}
    registry.version_id(workflow)
    process = first_time(name, operation, once, asked, lambda: _create(workflow, state, by=name))
    at.reach("started")
    return process


def initial_state(workflow: Workflow, *, by: str) -> State:
    """What the form of a start finds in the state: names as orchestrator-core has them."""
    return {"reporter": by, "workflow_name": workflow.name, "workflow_target": workflow.target.value}


def check_start(workflow: Workflow) -> None:
    """Whether a start is welcome now, whatever its answers will be. Raises EnginePaused, NotNow."""
    check_running()
    _check_predicate(workflow)


def _check_predicate(workflow: Workflow) -> None:
    """Raise NotNow when the run predicate of the workflow has a reason."""
    if workflow.run_predicate is None:
        return
    same = Process.objects.unfinished().filter(workflow_name=workflow.name)
    reason = workflow.run_predicate(RunContext(workflow.name, same.count))
    if reason is not None:
        raise NotNow(reason)


def _create(workflow: Workflow, answers: State, *, by: str) -> Process:
    _check_predicate(workflow)
    process_id = uuid4()
    state = {**answers, "process_id": str(process_id)}
    asked = Start(process_id, workflow, state, by)
    resources = workflow.binding.resources(asked)
    process = _insert(workflow, asked, resources)
    at.reach("start-inserted")
    acquire(process, resources)
    at.reach("start-locked")
    started = workflow.binding.on_start(asked)
    at.reach("start-bound")
    ProcessSubject.objects.bulk_create(
        ProcessSubject(process=process, kind=one.kind, subject_id=one.id, label=one.label) for one in started.subjects
    )
    whole = StateBytes.of({**state, **started.state})
    save_snapshot(process_id, 0, whole)
    audit.record("start", by=by, kind="process", subject=process_id, detail={"workflow": workflow.name})
    queue.wake()
    at.reach("start-ready")
    return process


def _insert(workflow: Workflow, asked: Start, resources: tuple[str, ...]) -> Process:
    now = EngineNow()
    return Process.objects.create(
        id=asked.process_id,
        workflow_version_id=registry.version_id(workflow),
        workflow_name=workflow.name,
        target=workflow.target,
        is_task=workflow.is_task,
        position_path=workflow.first.path if workflow.first else AT_END,
        lock_keys=list(resources),
        created_by=asked.by,
        started_at=now,
        last_modified_at=now,
        ready_at=now,
    )
