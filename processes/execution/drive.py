"""Drive a claimed process out of the database; the loop is in engine.driver, the rules in engine.transitions."""

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial

from django.db import transaction

from processes.engine.driver import CallInterceptor, Driver, StepInterceptor, unrunnable
from processes.engine.store import Claim, Commit, Committed, Fenced, Run
from processes.engine.transitions import SYSTEM, Transition
from processes.engine.values.errors import StepError
from processes.engine.values.secrets import hidden
from processes.engine.values.state import StateBytes
from processes.execution.finish import finish
from processes.execution.interceptors.atomic import run_inside_commit
from processes.execution.interceptors.deadline import set_deadline
from processes.execution.interceptors.external_call import call_when_admitted
from processes.execution.interceptors.log_context import log_context
from processes.execution.interceptors.observed import log_failure, pass_failpoints
from processes.execution.interceptors.write_guard import refuse_writes, writes_of_engine
from processes.models import Process, ProcessSubject
from processes.plugins import registry
from processes.plugins.secrets import secret
from processes.store import DATABASE_LOST, commits, failpoints, leases, load, locks, save_snapshot
from processes.store.in_doubt import commit_resolving_doubt
from processes.store.sealing import VAULT

logger = logging.getLogger(__name__)

AROUND_STEP: Sequence[StepInterceptor] = (call_when_admitted, set_deadline, run_inside_commit)
AROUND_CALL: Sequence[CallInterceptor] = (pass_failpoints, refuse_writes, log_failure)
"""Asked from first to last; each surrounds those after it."""

SLICE_STEPS = 200
SLICE_SECONDS = 2.0
TASK_SECONDS = 0.5
"""A task leaves its worker sooner: what is ordered meanwhile goes first (`processes.engine.options`)."""


@dataclass
class Slice:
    """A turn of so many steps and some seconds, or until the worker is to stop."""

    is_stopping: Callable[[], bool]
    steps: int = SLICE_STEPS
    seconds: float = SLICE_SECONDS

    def __post_init__(self) -> None:
        self._until = time.monotonic() + self.seconds

    def is_over(self) -> bool:
        """Count one more step, and tell whether it is the last of this turn."""
        self.steps -= 1
        return self.steps <= 0 or time.monotonic() >= self._until or self.is_stopping()


def run_claimed(
    claim: Claim,
    is_stopping: Callable[[], bool] = lambda: False,
    lease_kept: Callable[[Claim], AbstractContextManager[object]] = nullcontext,
) -> None:
    """Run the steps of a claimed process until it waits, ends, or its turn is over. Never raises for what steps do.

    Meanwhile `lease_kept` extends its lease. Raises OperationalError when the database is out of reach.
    """
    turn = Slice(is_stopping, seconds=TASK_SECONDS if claim.is_task else SLICE_SECONDS)
    driver = Driver(DatabaseStore(), turn, AROUND_STEP, AROUND_CALL, VAULT, secret)
    try:
        with lease_kept(claim), log_context(**_named(claim)):
            driver.drive(claim)
    except Fenced:
        logger.info("Process %s was taken over; what its step returned is ignored", claim.process_id)


def _named(claim: Claim) -> dict[str, object]:
    """What each log line says while a process is driven."""
    return {"worker": claim.worker, "process_id": str(claim.process_id), "workflow": claim.workflow_name}


class DatabaseStore:
    """The store of `engine.store` on our tables."""

    out_of_reach = DATABASE_LOST

    def open(self, claim: Claim) -> Run:
        """The workflow and state of a claim. Raises UnknownWorkflow, DefinitionChanged."""
        workflow = registry.get(claim.workflow_name)
        version = registry.version_to_go_on_with(claim.workflow_version_id, workflow, claim.position.path)
        if version != claim.workflow_version_id:
            leases.adopt_version(claim, version)
        loaded = load(claim.process_id)
        return Run(claim, workflow, loaded.state, loaded.patched)

    def commit(self, run: Run, commit: Commit) -> Committed:
        committed = commit_resolving_doubt(run.claim, partial(_write, run, commit))
        failpoints.hit("committed")
        return committed

    def fail(self, claim: Claim, error: StepError) -> None:
        """Fail a process that cannot be run at all, where it stands; without its workflow nobody is told."""
        logger.error("Process %s cannot go on: %s\n%s", claim.process_id, error.message, error.traceback)
        transition, record = unrunnable(claim, error)
        with transaction.atomic():
            commits.commit(claim, transition, record)
            finish(claim.process_id, None, transition.status, state={}, by=SYSTEM)

    def release(self, claim: Claim, transition: Transition) -> None:
        leases.release(claim, transition)

    def show_progress(self, claim: Claim, value: object) -> None:
        with writes_of_engine():
            leases.show_progress(claim, hidden(value))

    def is_cancelled(self, claim: Claim) -> bool:
        return not leases.is_held(claim)


def _write(run: Run, commit: Commit) -> Committed:
    """All that becomes true with a step, in one statement where that is all."""
    if not (commit.releases or commit.session or commit.snapshots):
        return commits.commit(run.claim, commit.transition, commit.record)
    with transaction.atomic():
        committed = commits.commit(run.claim, commit.transition, commit.record)
        failpoints.hit("commit-moved")
        if commit.session is not None:
            _keep_subjects(run, commit)
            failpoints.hit("commit-saved")
        if commit.snapshots:
            save_snapshot(run.claim.process_id, committed.sequence, commit.state)
        if commit.releases:
            _finish(run, commit.transition, commit.state)
            failpoints.hit("commit-ended")
    return committed


def _keep_subjects(run: Run, commit: Commit) -> None:
    """Save the domain objects of the step, and what the process is about and holds since."""
    assert commit.session is not None
    claim, subjects = run.claim, commit.session.commit()
    if taken := tuple(subject.takes for subject in subjects if subject.takes):
        run.claim = replace(claim, lock_keys=tuple(dict.fromkeys((*claim.lock_keys, *taken))))
        locks.acquire(claim.process_id, taken)
        Process.objects.filter(pk=claim.process_id).update(lock_keys=list(run.claim.lock_keys))
    for subject in subjects:
        ProcessSubject.objects.update_or_create(
            process_id=claim.process_id,
            kind=subject.kind,
            subject_id=subject.id,
            defaults={"label": subject.label},
        )


def _finish(run: Run, transition: Transition, state: StateBytes) -> None:
    error = transition.error if isinstance(transition.error, StepError) else None
    finish(run.claim.process_id, run.workflow, transition.status, state=state.as_dict(), by=SYSTEM, error=error)
