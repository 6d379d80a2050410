"""An atomic step: what it writes and what it returns become true together, or neither does."""

from collections.abc import Callable
from dataclasses import replace

from django.db import transaction

from processes.engine.driver import Next, StepAttempt
from processes.engine.kinds import Call
from processes.engine.outcome import Success
from processes.engine.store import Run
from processes.store import DATABASE_LOST
from processes.store.in_doubt import resolve_commit


def run_inside_commit(attempt: StepAttempt, proceed: Callable[[], Next]) -> Next:
    """Call the step in the transaction of its commit. One that fails is rolled back, and its failure is committed."""
    if not isinstance(attempt.place.leaf, Call) or not attempt.place.leaf.atomic:
        return proceed()
    before, verdict, is_settled = replace(attempt.run), None, False
    try:
        with transaction.atomic():
            outcome = attempt.execute()
            if isinstance(outcome, Success):
                verdict = attempt.commit(outcome)
            else:
                transaction.set_rollback(True)
        is_settled = True
    except DATABASE_LOST:
        is_settled = verdict is not None and resolve_commit(before.claim) is not None
        if not is_settled:
            raise
    finally:
        if not is_settled:
            _put_back(attempt.run, before)
    return attempt.commit(outcome) if verdict is None else verdict


def _put_back(run: Run, before: Run) -> None:
    """What was committed in a transaction that was rolled back is not so."""
    run.claim, run.state, run.patched = before.claim, before.state, before.patched
