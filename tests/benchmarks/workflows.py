"""Workflows whose steps do nothing, or only make the state larger: what is left is the price of the engine.

One is about a subscription: three steps that look at it, as most of the processes that a site remembers are.
"""

import secrets
from collections.abc import Callable, Generator

from pydantic_forms.core import FormPage

from processes.engine import Call, StepList, begin, done, input_step, step, task
from subscriptions.workflows import Subscription, modify_workflow
from tests.benchmarks.internals import State, Workflow

STEPS = 20
MANY = 1000


def _nothing() -> None:
    """No work."""


def _returns(key: str, kilobytes: int) -> Callable[[], State]:
    def add() -> State:
        """What no database can make smaller by much."""
        return {key: secrets.token_hex(512 * kilobytes)}

    return add


def _step(number: int, function: Callable[[], State | None] = _nothing) -> Call:
    return Call(f"Step {number}", f"step-{number}", function)


def _keeping(kilobytes: int) -> Workflow:
    """A state of this size from the first step on."""
    steps = (_step(1, _returns("kept", kilobytes)), *(_step(number) for number in range(2, MANY + 1)))
    return task("Keep a state", name=f"keep_{kilobytes}_kilobytes")(lambda: StepList(steps))


def _growing(count: int) -> Workflow:
    """One kilobyte more with each step."""
    steps = tuple(_step(number, _returns(f"added_{number}", 1)) for number in range(1, count + 1))
    return task("Grow a state", name=f"grow_for_{count}_steps")(lambda: StepList(steps))


@task("Do nothing twenty times")
def do_nothing_twenty_times() -> StepList:
    return StepList(tuple(_step(number) for number in range(STEPS)))


KEEPS_1_KB = _keeping(1)
KEEPS_100_KB = _keeping(100)
GROWS_FOR_250, GROWS_FOR_500, GROWING = (_growing(count) for count in (250, 500, MANY))
GROWING_FOR = {250: GROWS_FOR_250, 500: GROWS_FOR_500, MANY: GROWING}


class GoOnPage(FormPage):
    """Asks nothing of consequence."""

    remark: str = ""


def _go_on(state: State) -> Generator[type[FormPage], GoOnPage, State]:
    page = yield GoOnPage
    return {"remark": page.remark}


def _standing(count: int) -> Workflow:
    """Steps that do nothing, and then QUESTIONS one after the other: a page on which one step changes at a time."""
    steps = tuple(_step(number) for number in range(count))
    questions = tuple(input_step(f"Question {number}")(_go_on) for number in range(QUESTIONS))
    return task("Stand after some steps", name=f"stand_after_{count}_steps")(lambda: StepList((*steps, *questions)))


QUESTIONS = 60
STANDS_AFTER_20, STANDS_AFTER_1000 = _standing(20), _standing(MANY)


class FramesTooSmall(ValueError):
    """The service takes only short frames."""


@step("Look at the access")
def look_at_access(subscription: Subscription) -> State:
    return {"speed": subscription.access.access_speed}


@step("Look at the service")
def look_at_service(subscription: Subscription) -> State:
    """Fails where the frames are too small; so some of the processes have failed."""
    if subscription.access.service.mtu < 1_500:
        raise FramesTooSmall(f"{subscription.access.service.mtu} bytes are too few.")
    return {"mtu": subscription.access.service.mtu}


@step("Tell the outcome")
def tell_outcome(speed: int, mtu: int) -> State:
    return {"outcome": f"{speed} Mbit/s, frames of {mtu} bytes"}


@modify_workflow("Change in three steps")
def change_in_three_steps() -> StepList:
    return begin >> look_at_access >> look_at_service >> tell_outcome >> done
