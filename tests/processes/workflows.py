"""Workflows that tests of the runtime run."""

import os
import time
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic_forms.core import FormPage

from processes.engine import (
    Blocker,
    Call,
    Retry,
    StartRefused,
    State,
    StepContext,
    StepList,
    Target,
    begin,
    conditional,
    focus,
    input_step,
    only_one_at_a_time,
    step,
    step_group,
    task,
    workflow,
)
from processes.engine.binding import End, Start, Started, StepRun, StepSession, Subject, UnboundSession
from processes.models import EngineSettings

calls: list[str] = []
"""Idempotency keys of the steps that ran, in order; the outside world of these tests."""


@step("Count")
def count(state: State, context: StepContext) -> State:
    calls.append(context.idempotency_key)
    return {"count": state.get("count", 0) + 1}


@step("Count again")
def count_again(count: int) -> State:
    return {"count": count + 1}


@step("Only when asked")
def only_when_asked() -> State:
    return {"asked": True}


@step("Fail while told to", retry=Retry(tries=2, delay=30, jitter=0, on=(ConnectionError,)))
def fail_while_told_to(context: StepContext) -> State:
    calls.append(context.idempotency_key)
    if failures:
        raise failures.pop(0)
    return {"healed": context.attempt}


failures: list[Exception] = []


class Question(FormPage):
    colour: str


@input_step("Ask for a colour", assignee="NOC")
def ask_for_a_colour() -> Generator[Any, Any, State]:
    answer = yield Question
    return {"colour": answer.colour}


@step("Write behind our back")
def write_behind_our_back() -> None:
    EngineSettings.objects.create()


@step("Write in the commit", atomic=True)
def write_in_the_commit() -> State:
    EngineSettings.objects.create(paused_by="the step")
    if failures:
        raise failures.pop(0)
    return {"written": True}


@step("Return nonsense")
def return_nonsense() -> State:
    return {"nonsense": float("nan")}


@task("Count to two")
def count_to_two() -> StepList:
    return begin >> count >> conditional(lambda state: state.get("ask", False))(only_when_asked) >> count_again


@task("Ask a person")
def ask_a_person() -> StepList:
    return begin >> count >> ask_for_a_colour >> count_again


@task("Ask at the end")
def ask_at_the_end() -> StepList:
    return begin >> count >> ask_for_a_colour


@task("Heal")
def heal() -> StepList:
    return begin >> count >> fail_while_told_to >> count_again


@task("Sneak")
def sneak() -> StepList:
    return begin >> write_behind_our_back


@task("Write inside")
def write_inside() -> StepList:
    return begin >> write_in_the_commit >> count


@task("Talk nonsense")
def talk_nonsense() -> StepList:
    return begin >> count >> return_nonsense


@task("Do nothing")
def do_nothing() -> StepList:
    return begin


@step("Write a line outside")
def write_a_line_outside(file: str, context: StepContext) -> State:
    """An outside effect that a killed worker may repeat, always under the same key."""
    with Path(file).open("a") as lines:
        lines.write(f"{context.path} {os.getpid()}\n")
    time.sleep(0.15)
    return {context.path: os.getpid()}


_SLOW_STEPS = [replace(write_a_line_outside, name=f"Line {number}", key=f"line-{number}") for number in range(8)]


def _file_form() -> Generator[Any, Any, State]:
    class Where(FormPage):
        file: str

    answer = yield Where
    return {"file": answer.file}


@task("Write slowly", form=_file_form)
def write_slowly() -> StepList:
    return StepList(tuple(_SLOW_STEPS))


class OneThing:
    """A binding to a thing named in the state: locks it, refuses forbidden ones, and tells what it was told."""

    told: list[str] = []

    def resources(self, start: Start) -> tuple[str, ...]:
        return (f"thing:{start.state['thing']}",)

    def on_start(self, start: Start) -> Started:
        thing = start.state["thing"]
        if thing == "forbidden":
            EngineSettings.objects.create(paused_by="a start that is refused")
            raise StartRefused("This thing is forbidden.", (Blocker("thing", "wall", "The wall"),))
        return Started({"colour": "grey"}, (Subject("thing", thing, f"Thing {thing}"),))

    def session(self, run: StepRun) -> StepSession:
        return UnboundSession()

    def on_end(self, end: End) -> None:
        self.told.append(f"{end.status} {end.state['thing']} holding {', '.join(end.resources)} by {end.by}")


class Thing(FormPage):
    thing: str


def thing_form() -> Generator[Any, Any, State]:
    calls.append("form")
    answer = yield Thing
    return {"thing": answer.thing}


@workflow("Paint a thing", target=Target.MODIFY, form=thing_form, binding=OneThing())
def paint_thing() -> StepList:
    return begin >> fail_while_told_to >> ask_for_a_colour


@step("Touch the outside once", on_crash="ask")
def touch_once(context: StepContext) -> State:
    calls.append(context.idempotency_key)
    return {"touched": True}


@task("Touch once")
def touch_at_most_once() -> StepList:
    return begin >> touch_once


@task("Heal as a whole")
def heal_as_a_whole() -> StepList:
    group = begin >> count >> replace(fail_while_told_to, retry=Retry())
    return begin >> step_group("Both", group, retry="whole") >> count_again


@task("Alone", run_predicate=only_one_at_a_time)
def alone() -> StepList:
    return begin >> count


@task("Ask inside")
def ask_inside() -> StepList:
    return begin >> focus("inner")(ask_for_a_colour)


def _many(one: Call, times: int) -> StepList:
    """The same step over and over, under names of their own."""
    return StepList(tuple(replace(one, name=f"{one.name} {n}", key=f"{one.key}-{n}") for n in range(1, times + 1)))


@task("Count many times")
def count_many_times() -> StepList:
    return _many(count, 20)


@step("Gather")
def gather_more(size: int, context: StepContext) -> State:
    """Add so many characters to the state."""
    return {context.path.replace("gather", "gathered"): "x" * size}


def _size_form() -> Generator[Any, Any, State]:
    class Size(FormPage):
        size: int

    answer = yield Size
    return {"size": answer.size}


@task("Gather", form=_size_form)
def gather() -> StepList:
    return _many(gather_more, 12)


@step("Hang in C", timeout=1.0)
def hang_in_c(file: str) -> State:
    """No signal handler of Python runs while this counts."""
    if not Path(file).exists():
        Path(file).touch()
        sum(range(10**13))
    return {"hung": False}


@task("Hang once", form=_file_form)
def hang_once() -> StepList:
    return begin >> replace(hang_in_c, retry=Retry(tries=2, delay=0))


@step("Speak")
def speak(context: StepContext) -> State:
    context.log.info("said %s", "aloud", extra={"colour": "red"})
    return {"spoken": True}


@task("Speak and fail")
def speak_and_fail() -> StepList:
    return begin >> speak >> fail_while_told_to
