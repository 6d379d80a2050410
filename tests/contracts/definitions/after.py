"""The task `relabel` after the change: one step more before the one that failed, and one behind it."""

from processes.engine import State, StepList, begin, done, step, task
from tests.contracts.definitions.before import print_labels, read_labels


@step("Check labels")
def check_labels(labels: list[str]) -> State:
    return {"checked": sorted(labels)}


@step("Archive labels")
def archive_labels(checked: list[str]) -> State:
    return {"archived": checked}


@task("Relabel the cables")
def relabel() -> StepList:
    return begin >> read_labels >> check_labels >> print_labels >> archive_labels >> done
