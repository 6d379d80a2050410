"""The deadline of a step with a timeout: who comes by then kills its worker (`processes.execution.recovery`)."""

from collections.abc import Callable
from dataclasses import replace

from processes.engine.driver import Next, StepAttempt
from processes.engine.kinds import Call
from processes.store import leases


def set_deadline(attempt: StepAttempt, proceed: Callable[[], Next]) -> Next:
    """Say in the row of the process, and to the step, by when it must be done. Raises Fenced.

    It stands outside of the transaction of an atomic step, so that whoever watches deadlines sees it.
    """
    if isinstance(attempt.place.leaf, Call) and attempt.place.leaf.timeout is not None:
        deadline = leases.set_deadline(attempt.claim, attempt.place.leaf.timeout)
        attempt.context = replace(attempt.context, deadline=deadline)
    return proceed()
