"""Workflows and a catalogue whose processes lie frozen in stored databases: never change them, only add.

A release that cannot finish a process of these would leave processes of its users lying as well.
"""

from collections.abc import Generator, Mapping
from dataclasses import replace
from typing import Any

from pydantic_forms.core import FormPage

from processes.engine import Retry, State, StepContext, StepList, Workflow, begin, conditional, input_step, step, task
from processes.engine.values.status import ProcessStatus

CATALOGUE = """\
resource_types:
  - name: frozen_name
    kind: string
  - name: frozen_speed
    kind: integer
    minimum: 1
blocks:
  - name: Frozen Port
    tag: FROZEN
    fields:
      - name: frozen_name
        required_from: provisioning
      - name: frozen_speed
        default: 10
products:
  - name: frozen port
    description: A port of an earlier release.
    product_type: FrozenPort
    tag: FROZEN
    status: active
    blocks:
      - name: port
        block: Frozen Port
    workflows:
      create:
        - create_subscription
      terminate:
        - terminate_subscription
"""
BULK = 33_000
"""Characters; two of them are reason enough for a new snapshot. Only one kind of process carries them."""


class Unreachable(Exception):
    """A system does not answer."""

    retryable = True


ERRORS: Mapping[str, type[Exception]] = {
    ProcessStatus.FAILED: ValueError,
    ProcessStatus.INCONSISTENT_DATA: AssertionError,
    ProcessStatus.API_UNAVAILABLE: Unreachable,
}
"""What the frozen task raises in its first try, by the status that this leads to."""


class Begin(FormPage):
    ends: str


def frozen_form() -> Generator[Any, Any, State]:
    """Asks for the status in which the process is to be frozen."""
    page = yield Begin
    return {"ends": page.ends}


def noted(state: State, context: StepContext) -> list[str]:
    return [*state.get("done", []), context.path]


def weight(ends: str) -> int:
    return BULK if ends == ProcessStatus.SUSPENDED else 1


@step("Carry")
def carry(state: State, context: StepContext, ends: str) -> State:
    return {"done": noted(state, context), "bulk": "x" * weight(ends)}


@step("Carry again")
def carry_again(state: State, context: StepContext, ends: str) -> State:
    return {"done": noted(state, context), "bulk": "y" * weight(ends)}


@step("Wait", retry=Retry(tries=3, delay=60, jitter=0))
def wait(state: State, context: StepContext) -> State:
    if context.attempt == 1 and state["ends"] == ProcessStatus.WAITING:
        raise Unreachable("later")
    return {"done": noted(state, context)}


@step("Fail")
def fail(state: State, context: StepContext, ends: str) -> State:
    if context.attempt == 1 and ends in ERRORS:
        raise ERRORS[ends]("the first try fails")
    return {"done": noted(state, context)}


class Answer(FormPage):
    word: str


@input_step("Ask")
def ask() -> Generator[Any, Any, State]:
    page = yield Answer
    return {"word": page.word}


@step("Say")
def say(state: State, context: StepContext, word: str) -> State:
    return {"done": [*noted(state, context), word]}


@task("Frozen in any status", form=frozen_form)
def frozen_task() -> StepList:
    never = conditional(lambda state: False)
    return begin >> carry >> carry_again >> wait >> never(fail) >> replace(fail, key="fail-or-not") >> ask >> say


DONE: Mapping[str, list[str]] = {
    "frozen_task": ["carry", "carry-again", "wait", "fail-or-not", "say", "yes"],
}
"""What `done` holds at the end."""

WORKFLOWS: tuple[Workflow, ...] = (frozen_task,)
