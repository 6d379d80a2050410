"""Workflows of a site for tests: the generic ones by name, and a task that no product can offer."""

from processes.engine import StepList, Target, begin, task, workflow


@workflow("Create a subscription", target=Target.CREATE)
def create_subscription() -> StepList:
    return begin


@workflow("Terminate a subscription", target=Target.TERMINATE)
def terminate_subscription() -> StepList:
    return begin


@task("Tidy up")
def tidy_up() -> StepList:
    return begin
