"""The task `relabel` before the change, and one that waits long before it tries again."""

from processes.engine import Retry, State, StepContext, StepList, begin, done, step, task


class PrinterOutOfPaper(Exception):
    """The first try fails, a retry succeeds."""

    def __init__(self) -> None:
        super().__init__("The printer is out of paper.")


@step("Read labels")
def read_labels() -> State:
    return {"labels": ["A1", "A2"]}


@step("Print labels")
def print_labels(labels: list[str], step: StepContext) -> State:
    if step.attempt == 1:
        raise PrinterOutOfPaper
    return {"printed": len(labels)}


@step("Order paper", retry=Retry(tries=2, delay=3600, cap=3600, jitter=0))
def order_paper(step: StepContext) -> State:
    if step.attempt == 1:
        raise PrinterOutOfPaper
    return {"ordered": True}


@task("Buy paper")
def buy_paper() -> StepList:
    return begin >> order_paper >> done


@task("Relabel the cables")
def relabel() -> StepList:
    return begin >> read_labels >> print_labels >> done
