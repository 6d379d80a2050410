"""A step that calls an external system waits until that admits one more call (see `external_calls`)."""

from collections.abc import Callable
from functools import partial

from processes.engine import transitions
from processes.engine.driver import Next, StepAttempt
from processes.engine.execute import calls_system
from processes.engine.kinds import Call
from processes.execution.interceptors import external_calls
from processes.store import leases


def call_when_admitted(attempt: StepAttempt, proceed: Callable[[], Next]) -> Next:
    """Take a slot of the system, or give the process back until there is one; then count what the call came to."""
    leaf = attempt.place.leaf
    if not isinstance(leaf, Call) or not calls_system(attempt.place, attempt.run.state):
        return proceed()
    call = external_calls.acquire(attempt.claim, leaf.system)
    if call is None:
        leases.release(attempt.claim, transitions.blocked(attempt.claim.standing, leaf.system))
        return Next.LEAVE
    attempt.observers.append(partial(external_calls.record_outcome, call))
    attempt.after_commit.append(partial(external_calls.wake_waiters, call))
    return proceed()
