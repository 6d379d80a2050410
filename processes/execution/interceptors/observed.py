"""What the call of a step is seen by: the failpoints of tests, and the log."""

import logging
from collections.abc import Callable

from processes.engine.driver import StepAttempt
from processes.engine.kinds import Call
from processes.engine.outcome import Aborted, Failed, Outcome, RetryLater
from processes.execution.interceptors.log_context import log_context
from processes.store import failpoints

logger = logging.getLogger(__name__)


def pass_failpoints(attempt: StepAttempt, proceed: Callable[[], Outcome]) -> Outcome:
    """Hit the failpoints on either side of the call; one that runs inside its commit returns at no place of its own."""
    failpoints.hit("step-begins")
    outcome = proceed()
    if not (isinstance(attempt.place.leaf, Call) and attempt.place.leaf.atomic):
        failpoints.hit("step-returned")
    return outcome


def log_failure(attempt: StepAttempt, proceed: Callable[[], Outcome]) -> Outcome:
    """Name step and try in each line that is logged meanwhile, and log a failure."""
    with log_context(step=attempt.claim.position.path, attempt=attempt.claim.attempt):
        outcome = proceed()
        if isinstance(outcome, Aborted):
            logger.info("The step ended the process: %s", outcome.error.message[:500])
        if isinstance(outcome, RetryLater | Failed):
            logger.warning("The step failed: %s: %s", outcome.error.class_name, outcome.error.message[:500])
    return outcome
