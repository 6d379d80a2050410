"""Workflows that use the options of decorators: keys that are locked, who may, and which goes first."""

from collections.abc import Generator
from typing import Any

from pydantic_forms.core import FormPage

from processes.engine import (
    Asking,
    State,
    StepList,
    Target,
    begin,
    input_step,
    only_one_at_a_time,
    step,
    task,
    workflow,
)

failures: list[Exception] = []
"""What `work` raises next."""


@step("Work", key="work")
def work() -> None:
    if failures:
        raise failures.pop()


class VlanPage(FormPage):
    port: str
    vlan: int


def vlan_form() -> Generator[Any, Any, State]:
    answers = yield VlanPage
    return {"port": answers.port, "vlan": answers.vlan}


def vlan_keys(port: str, vlan: int) -> list[str]:
    if vlan == 13:
        raise KeyError("thirteen")
    return [f"VLAN {vlan} on {port}"] if vlan else [""]


@input_step("Confirm", key="confirm")
def confirm() -> Generator[Any, Any, State]:
    yield FormPage
    return {}


@step("Work more", key="work-more")
def work_more() -> None: ...


@workflow("Use a VLAN", target=Target.CREATE, form=vlan_form, locks=vlan_keys)
def use_vlan() -> StepList:
    return begin >> work >> confirm >> work_more


def by_name(asking: Asking) -> bool | str:
    return True if asking.name == "operator" else f"{asking.name} may not {asking.act} {asking.workflow_name}."


@input_step("Approve", key="approve", resume_authorize="noc")
def approve() -> Generator[Any, Any, State]:
    yield FormPage
    return {}


@workflow("Ask first", authorize=by_name, retry_authorize="noc")
def ask_first() -> StepList:
    return begin >> confirm >> approve >> work


@workflow("Ask nobody", authorize=lambda asking: asking.name == "nobody")
def ask_nobody() -> StepList:
    return begin >> work


@task("Validate one")
def validate_one() -> StepList:
    return begin >> work


@workflow("Order one", target=Target.CREATE)
def order_one() -> StepList:
    return begin >> work


@task("Urgent one", priority=50)
def urgent_one() -> StepList:
    return begin >> work


@task("Alone", run_predicate=only_one_at_a_time)
def alone() -> StepList:
    return begin >> work


@task("Alone with failed ones", run_predicate=only_one_at_a_time(counts_failed=True))
def quite_alone() -> StepList:
    return begin >> work
