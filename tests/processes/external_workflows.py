"""Workflows whose steps call an external system, for tests of its limits."""

from processes.engine import Retry, State, StepContext, StepList, begin, conditional, step, task

calls: list[str] = []
"""Idempotency keys of the calls that came to the system, in order."""
troubles: list[Exception] = []
"""What the next calls raise."""


class Refused(Exception):
    """The system has understood, and said no."""

    retryable = False


@step("Call", system="inventory")
def call(context: StepContext) -> State:
    calls.append(context.idempotency_key)
    if troubles:
        raise troubles.pop(0)
    return {"called": context.attempt}


@step("Call again", system="inventory", retry=Retry(tries=3, delay=5, jitter=0))
def call_again(context: StepContext) -> State:
    return dict(call(context))


@step("Call the mast", system="mast", timeout=60, retry=Retry(tries=3, delay=0, jitter=0))
def call_the_mast(context: StepContext) -> State:
    return dict(call(context))


@step("Compute")
def compute() -> State:
    return {"computed": True}


@task("Call once")
def call_once() -> StepList:
    return begin >> call


@task("Call twice")
def call_twice() -> StepList:
    return begin >> compute >> call_again >> call


@task("Call the mast")
def use_the_mast() -> StepList:
    return begin >> call_the_mast


@task("Call never")
def call_never() -> StepList:
    return begin >> conditional(lambda state: False)(call) >> compute


@task("Only compute")
def only_compute() -> StepList:
    return begin >> compute
