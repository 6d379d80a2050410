"""Twenty steps that do nothing: what is left is the price of the engine."""

from processes.engine import Step, StepList, task
from processes.engine.status import StepKind

STEPS = 20


def _nothing() -> None:
    """No work."""


@task("Do nothing twenty times")
def do_nothing_twenty_times() -> StepList:
    return StepList(
        tuple(Step(f"Nothing {number}", f"nothing-{number}", _nothing, StepKind.STEP) for number in range(STEPS))
    )
