"""The loop that drives a claimed process, step by step, until it waits, ends or its turn is over. Pure.

It knows no database: a store is behind a port (`processes.engine.store`), and what surrounds a step or the call of its
function (a deadline, a transaction, a limit of an external system) is handed in as interceptors.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from typing import Protocol

from processes.engine import transitions
from processes.engine.binding import StepRun, StepSession, is_bound
from processes.engine.context import Secrets, StepContext, no_secrets
from processes.engine.execute import execute
from processes.engine.outcome import Aborted, Failed, NeedsInput, Outcome, RetryLater, Skipped, Success
from processes.engine.store import Claim, Commit, Committed, Fenced, Run, Store
from processes.engine.transitions import Lease, Record, Transition
from processes.engine.tree import Place
from processes.engine.values.errors import StepError
from processes.engine.values.secrets import Vault
from processes.engine.values.state import StateBytes, join
from processes.engine.values.status import StepKind, StepStatus

SNAPSHOT_BYTES = 65_536
"""Patches lighter than this never cause a new snapshot."""


class Next(Enum):
    """Whether the worker goes on with the next step of the process, or leaves it."""

    CONTINUE = "continue"
    LEAVE = "leave"


class Turn(Protocol):
    """How long a process may keep its worker."""

    def is_over(self) -> bool:
        """Count one more step, and tell whether it is the last of this turn."""


@dataclass
class StepAttempt:
    """One try of a step: what it is called with, and how its outcome becomes true.

    `observers` are told the outcome before it is committed; `after_commit` is done after that.
    """

    driver: "Driver"
    run: Run
    place: Place
    session: StepSession
    context: StepContext
    yields: bool | None = None
    observers: list[Callable[[Outcome], None]] = field(default_factory=list)
    after_commit: list[Callable[[], None]] = field(default_factory=list)

    @property
    def claim(self) -> Claim:
        return self.run.claim

    def execute(self) -> Outcome:
        """Call the step. Never raises for what user code does."""
        call: Callable[[], Outcome] = self._call
        for interceptor in reversed(self.driver.around_call):
            call = partial(interceptor, self, call)
        outcome = call()
        for observer in self.observers:
            observer(outcome)
        return outcome

    def _call(self) -> Outcome:
        claim, tries = self.claim, self.claim.standing.tries_before
        return execute(
            self.place,
            self.run.state,
            context=self.context,
            session=self.session,
            is_task=claim.is_task,
            tries_before=tries,
            vault=self.driver.vault,
        )

    def commit(self, outcome: Outcome) -> Next:
        """Make the outcome true, in one transaction. Raises what refuses it."""
        session = self.session if isinstance(outcome, Success) and self.session.has_changes else None
        verdict = self.driver.commit(self.run, self.place, outcome, session, yields=self._is_last())
        for act in self.after_commit:
            act()
        return verdict

    def _is_last(self) -> bool:
        """Whether the turn is over with this step: asked when it is done, and once, since to ask counts it."""
        if self.yields is None:
            self.yields = self.driver.turn.is_over()
        return self.yields


CallInterceptor = Callable[[StepAttempt, Callable[[], Outcome]], Outcome]
"""Surrounds the call of a step's function; answers with the outcome."""

StepInterceptor = Callable[[StepAttempt, Callable[[], Next]], Next]
"""Surrounds the call and its commit; may answer without going on to either."""


@dataclass
class Driver:
    """Drives claimed processes out of a store; the interceptors are asked from first to last.

    The vault opens the secrets of a state for its steps; without one there are none. `secrets` gives steps those that
    the site keeps, by name.
    """

    store: Store
    turn: Turn
    around_step: Sequence[StepInterceptor] = ()
    around_call: Sequence[CallInterceptor] = ()
    vault: Vault | None = None
    secrets: Secrets = no_secrets

    @property
    def _passed_on(self) -> tuple[type[Exception], ...]:
        """What is no failure of a step, but of the claim or the store."""
        return (Fenced, *self.store.out_of_reach)

    def drive(self, claim: Claim) -> None:
        """Run the steps of a claimed process until it waits, ends, or its turn is over. Never raises for what steps do.

        An error that is no step's, such as a definition that does not fit, stops the process. Raises Fenced, and what
        the store raises when it is out of reach.
        """
        run: Run | None = None
        try:
            run = self.store.open(claim)
            while self._step(run) is Next.CONTINUE:
                pass
        except self._passed_on:
            raise
        except Exception as error:
            self.store.fail(run.claim if run else claim, StepError.of(error))

    def _step(self, run: Run) -> Next:
        """Run and commit the step that is due."""
        place = run.workflow.tree.place_at(run.claim.position.path)
        if place is None:
            return self._complete(run)
        attempt = self._attempt(run, place)
        proceed: Callable[[], Next] = lambda: attempt.commit(attempt.execute())  # noqa: E731
        for interceptor in reversed(self.around_step):
            proceed = partial(interceptor, attempt, proceed)
        try:
            return proceed()
        except self._passed_on:
            raise
        except Exception as error:  # a rule of the domain refused what the step returned: so the step has failed
            return attempt.commit(Failed(StepError.of(error)))

    def _attempt(self, run: Run, place: Place) -> StepAttempt:
        claim, at = run.claim, run.claim.position
        step_run = StepRun(claim.process_id, run.workflow, at.path, at.visit, claim.lock_keys, claim.created_by)
        context = StepContext(
            process_id=claim.process_id,
            workflow_name=claim.workflow_name,
            path=at.path,
            visit=at.visit,
            attempt=claim.attempt,
            created_by=claim.created_by,
            frames=at.frames,
            progress=partial(self.store.show_progress, claim),
            is_cancelled=partial(self.store.is_cancelled, claim),
            secrets=self.secrets,
        )
        return StepAttempt(self, run, place, run.workflow.binding.session(step_run), context)

    def commit(self, run: Run, place: Place, outcome: Outcome, session: StepSession | None, *, yields: bool) -> Next:
        """Make an outcome of the step that is due true; the run stands behind it afterwards."""
        patch = outcome.patch if isinstance(outcome, Success) else {}
        state = run.state.with_patch(patch) if patch else run.state
        patched = run.patched + sum(map(len, patch.values()))
        snapshots = patched > max(SNAPSHOT_BYTES, run.state.weight)
        transition, status = self._transition(run, place, outcome, state, yields=yields)
        record = _record(run.claim, place, outcome, status)
        releases = transition.releases_locks and _holds_something(run)
        committed = self.store.commit(run, Commit(transition, record, state, snapshots, session, releases))
        run.state, run.patched = state, 0 if snapshots else patched
        return self._go_on(run, transition, committed)

    def _transition(
        self, run: Run, place: Place, outcome: Outcome, state: StateBytes, *, yields: bool
    ) -> tuple[Transition, StepStatus]:
        """What the outcome makes of the process, whose state is `state` afterwards, and of the try."""
        at, step = run.claim.standing, place.leaf.name
        match outcome:
            case Success() | Skipped():
                to = run.workflow.tree.after(at.position, state)
                status = StepStatus.SUCCESS if isinstance(outcome, Success) else StepStatus.SKIPPED
                return transitions.advanced(at, to, step=step, yields=yields), status
            case NeedsInput():
                return transitions.needs_input(at, step=step, assignee=outcome.assignee), StepStatus.SUSPEND
            case RetryLater():
                return transitions.retry_later(at, outcome, step=step), StepStatus.WAITING
            case Failed():
                handler = run.workflow.tree.caught(at.position, outcome.error, state)
                if handler is not None:
                    return transitions.caught(at, handler, step=step, yields=yields), StepStatus.FAILED
                return transitions.failed(at, outcome, step=step), StepStatus.FAILED
            case Aborted():
                return transitions.given_up(at, outcome, step=step), StepStatus.ABORT

    def _go_on(self, run: Run, transition: Transition, committed: Committed) -> Next:
        run.claim = replace(
            run.claim,
            position=transition.position,
            attempt=transition.attempt,
            retry_base=transition.retry_base,
            crash_count=transition.crash_count,
            sequence=committed.sequence,
            attempt_started_at=committed.at,
        )
        if transition.lease is Lease.RELEASED:
            return Next.LEAVE
        if committed.paused:
            self.store.release(run.claim, transitions.released(run.claim.standing))
            return Next.LEAVE
        return Next.CONTINUE

    def _complete(self, run: Run) -> Next:
        """There is no step where the process stands: it has come to its end."""
        transition = transitions.completed(run.claim.standing)
        self.store.commit(run, Commit(transition, None, run.state, releases=_holds_something(run)))
        return Next.LEAVE


def _holds_something(run: Run) -> bool:
    """Whether anything has to be released, or anybody told, when the process ends."""
    return bool(run.claim.lock_keys) or is_bound(run.workflow.binding)


def _record(claim: Claim, place: Place, outcome: Outcome, status: StepStatus) -> Record:
    return Record(
        path=claim.position.path,
        visit=claim.position.visit,
        attempt=claim.attempt,
        name=place.leaf.name,
        kind=place.leaf.kind,
        status=status,
        patch=join(outcome.patch) if isinstance(outcome, Success) else None,
        error=outcome.error if isinstance(outcome, RetryLater | Failed | Aborted) else None,
        worker=claim.worker,
        started_at=claim.attempt_started_at,
        is_numbered=isinstance(outcome, Success | Skipped),
    )


def unrunnable(claim: Claim, error: StepError) -> tuple[Transition, Record]:
    """What becomes of a process that cannot be run at all, and the row that says so."""
    name = claim.position.path or "end"
    record = Record(
        path=claim.position.path,
        visit=claim.position.visit,
        attempt=claim.attempt,
        name=name,
        kind=StepKind.STEP,
        status=StepStatus.FAILED,
        error=error,
        worker=claim.worker,
        started_at=claim.attempt_started_at,
    )
    return transitions.failed(claim.standing, Failed(error), step=name), record
