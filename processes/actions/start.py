"""Start a process: one transaction makes the process, its locks, its subjects and its state, or nothing."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.db.models import Model

from processes.access import audit, permissions
from processes.access.kinds import Intended
from processes.access.permissions import Action
from processes.actions.errors import PredicateRefused
from processes.actions.idempotency import find_recorded_or_paused, record_of, unless_recorded
from processes.actions.pause import EnginePaused, check_running
from processes.engine.binding import Start, Started, is_bound
from processes.engine.kinds.node import State
from processes.engine.options import RunContext, lock_keys
from processes.engine.tree import Position
from processes.engine.values.state import StateBytes
from processes.engine.workflow import Workflow
from processes.forms import walk
from processes.models import Idempotency, Process, ProcessSubject, StateSnapshot
from processes.models import Workflow as WorkflowRow
from processes.plugins import registry
from processes.store import bulk_insert, failpoints, is_postgresql
from processes.store.clock import EngineNow
from processes.store.locks import acquire


def start(
    workflow_name: str,
    pages: Sequence[Mapping[str, Any]],
    *,
    by: AbstractUser,
    idempotency_key: str = "",
    revision: str = "",
) -> Process:
    """Start a workflow with the answers to its form, one mapping a page.

    The form runs before the transaction. With an idempotency key a repeat returns the process of the first call. With
    a `revision` it is refused when the values of its subject have changed since. Raises
    UnknownWorkflow, Denied, EnginePaused, PredicateRefused, FormIncomplete, FormInvalid, StartRefused, LockHeld,
    Refused; nothing is stored then.
    """
    workflow = registry.get(workflow_name)
    permissions.check(by, Action.START, workflow)
    name, operation, asked = by.get_username(), f"start:{workflow.name}", list(pages)
    repeated, is_paused = find_recorded_or_paused(name, operation, idempotency_key, asked)
    if repeated is not None:
        return repeated
    if is_paused:
        raise EnginePaused
    _check_predicate(workflow)
    given, process_id = initial_state(workflow, by=name), uuid4()
    answers = {**given, **walk(workflow.form, given, pages), "process_id": str(process_id)}
    registry.version_id(workflow)
    new = Start(process_id, workflow, answers, name, revision)
    record = record_of(name, operation, idempotency_key, asked, process_id)
    process = unless_recorded(lambda: _create(new, record, by), name, operation, idempotency_key, asked)
    failpoints.hit("started")
    return process


def initial_state(workflow: Workflow, *, by: str) -> State:
    """What the form of a start finds in the state: names as orchestrator-core has them."""
    return {"reporter": by, "workflow_name": workflow.name, "workflow_target": workflow.target.value}


def check_start(workflow: Workflow) -> None:
    """Whether a start is welcome now, whatever its answers will be. Raises EnginePaused, PredicateRefused."""
    check_running()
    _check_predicate(workflow)


def _check_predicate(workflow: Workflow) -> None:
    """Raise PredicateRefused when the run predicate of the workflow has a reason."""
    if workflow.run_predicate is None:
        return
    same = Process.objects.unfinished().filter(workflow_name=workflow.name)
    reason = workflow.run_predicate(RunContext(workflow.name, same.count, same.failed().count))
    if reason is not None:
        raise PredicateRefused(reason)


def _check_predicate_alone(workflow: Workflow) -> None:
    """The same, for good: until the transaction ends nobody else asks it for this workflow. Raises PredicateRefused."""
    if workflow.run_predicate is not None:
        list(WorkflowRow.objects.select_for_update().filter(name=workflow.name).values("pk"))
        _check_predicate(workflow)


def _create(new: Start, record: Idempotency | None, by: AbstractUser) -> Process:
    """In one transaction; one statement is its own, and others who record wait no longer for it than they must."""
    if is_postgresql() and _needs_one_statement(new.workflow):
        permissions.check(by, Action.START, Intended(new.workflow, (), new.by))
        return _insert(new, (), Started(), record)
    with transaction.atomic():
        return _create_bound(new, record, by)


def _needs_one_statement(workflow: Workflow) -> bool:
    """Whether nothing is locked, asked or made together with the process."""
    return not is_bound(workflow.binding) and workflow.run_predicate is None and workflow.locks is None


def _create_bound(new: Start, record: Idempotency | None, by: AbstractUser) -> Process:
    """What the process is about is known only now, and so is whether this person may start it on that."""
    binding = new.workflow.binding
    _check_predicate_alone(new.workflow)
    resources = (*binding.resources(new), *lock_keys(new.workflow.locks, new.state))
    acquire(new.process_id, resources)
    failpoints.hit("start-locked")
    started = binding.on_start(new)
    permissions.check(by, Action.START, Intended(new.workflow, started.subjects, new.by))
    for subject in started.subjects if len(started.subjects) > 1 else ():
        permissions.check(by, Action.START, Intended(new.workflow, (subject,), new.by))
    failpoints.hit("start-bound")
    process = _insert(new, resources, started, record)
    failpoints.hit("start-ready")
    return process


def _insert(new: Start, resources: tuple[str, ...], started: Started, record: Idempotency | None) -> Process:
    state = StateBytes.of({**new.state, **started.state})
    process = _process(new, new.workflow.tree.begin(state), resources)
    subjects = [
        ProcessSubject(process=process, kind=one.kind, subject_id=one.id, label=one.label) for one in started.subjects
    ]
    rows: list[Model] = [process, StateSnapshot(process=process, sequence=0, state=state.as_dict()), *subjects]
    rows += [record] if record else []
    detail = {"workflow": new.workflow.name}
    event = audit.event_of("start", by=new.by, kind="process", subject=new.process_id, detail=detail)
    answer = bulk_insert.insert([*rows, event], first=audit.link(event), then_wake=True)
    audit.written(event, answer)
    return process


def _process(new: Start, at: Position, resources: tuple[str, ...]) -> Process:
    now, workflow = EngineNow(), new.workflow
    return Process(
        id=new.process_id,
        workflow_version_id=registry.version_id(workflow),
        workflow_name=workflow.name,
        target=workflow.target,
        is_task=workflow.is_task,
        position_path=at.path,
        position_frames=dict(at.frames),
        lock_keys=list(resources),
        priority=workflow.priority,
        created_by=new.by,
        started_at=now,
        last_modified_at=now,
        ready_at=now,
    )
