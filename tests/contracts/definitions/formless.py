"""A task that asks nothing."""

from processes.engine import StepList, begin, step, task


@step("Do nothing", key="do-nothing")
def do_nothing() -> None:
    """Nothing at all."""


@task("A task without a form")
def formless() -> StepList:
    return begin >> do_nothing
