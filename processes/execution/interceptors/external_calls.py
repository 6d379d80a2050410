"""Let steps call an external system, so many at once, and not while its circuit breaker is open.

The claim passes by processes that wait. See docs/adr/0010-outside-systems.md.
"""

import logging
from dataclasses import dataclass

from django.db import transaction

from processes.engine.outcome import Failed, Outcome, RetryLater, Sign, sign_of
from processes.engine.values.errors import StepError
from processes.models import ExternalSystem
from processes.store import DATABASE_LOST, Claim, slots, wakeups
from processes.store.clock import EngineNow
from processes.store.slots import SystemView

logger = logging.getLogger(__name__)

TRIES = 50


@dataclass(frozen=True)
class AdmittedCall:
    """A call that may begin. `failures` had happened in a row before; `others_wait` for the same system."""

    system: str
    failures: int
    is_trial: bool
    others_wait: bool


def acquire(claim: Claim, system: str) -> AdmittedCall | None:
    """Room for the call that the claimed step is about to make, or None when there is none now.

    One statement, but for the first calls of a system and for trials while its circuit breaker is half-open.
    """
    view = _take(claim, system, is_trial=False)
    if view is not None and view.is_half_open and not view.is_taken:
        with transaction.atomic():
            slots.lock(view)
            view = _take(claim, system, is_trial=True)
        return _admitted(view, system, is_trial=True)
    return _admitted(view, system, is_trial=False)


def _admitted(view: SystemView | None, system: str, *, is_trial: bool) -> AdmittedCall | None:
    if view is None or not view.is_taken:
        return None
    return AdmittedCall(system, view.failures, is_trial, view.others_wait)


def _take(claim: Claim, system: str, *, is_trial: bool) -> SystemView | None:
    """Look until it is clear: somebody else may take the same slot, and slots are made as they are needed."""
    view = None
    for _ in range(TRIES):
        view = slots.look_and_take(claim, system, is_trial=is_trial)
        if view is None:
            ExternalSystem.objects.ensure([system])
        elif view.is_taken or not (view.is_closed or (is_trial and view.is_half_open)):
            return view
        elif view.may_grow:
            slots.grow(view)
        elif view.free is None:
            return view
    return view


def record_outcome(call: AdmittedCall, outcome: Outcome) -> None:
    """Count what the call has come to, while its slot is still taken; nothing is written for one more success.

    Never raises: that a database is lost here is no reason to lose what the step returned.
    """
    try:
        _record_outcome(call, outcome)
    except DATABASE_LOST:
        logger.warning("The outcome of a call to %s could not be recorded", call.system, exc_info=True)


def _record_outcome(call: AdmittedCall, outcome: Outcome) -> None:
    match sign_of(outcome):
        case Sign.TROUBLE:
            assert isinstance(outcome, RetryLater | Failed)
            count_failure(call.system, outcome.error)
        case Sign.ALIVE if call.failures or call.is_trial:
            _count_answer(call)
        case _:
            return


def count_failure(system: str, error: StepError) -> None:
    """One more failure in a row; at the failure threshold, or when a trial fails, the circuit breaker opens."""
    failures = slots.count_failure(system, error)
    if failures is not None and failures.is_open:
        logger.warning(
            "Calls to %s are paused for %g seconds (%s consecutive failures)",
            system,
            failures.seconds,
            failures.in_a_row,
        )


def _count_answer(call: AdmittedCall) -> None:
    """It has answered: the failures before are forgotten, and a trial closes the circuit breaker."""
    well = ExternalSystem.objects.filter(name=call.system)
    if not call.is_trial:
        well.filter(half_open_at__isnull=True).update(failures=0)
    elif well.filter(half_open_at__lte=EngineNow()).update(failures=0, half_open_at=None, opened_at=None):
        logger.info("Calls to %s succeed again", call.system)
        wakeups.wake()


def wake_waiters(call: AdmittedCall) -> None:
    """Its process has gone on: wake whoever waits for the slot. Without it they come by within a second."""
    if call.others_wait:
        wakeups.wake()
