"""Run whole workflows in memory, with and without a binding."""

from collections.abc import Callable, Generator
from typing import Any

import pytest

from processes.engine import (
    Abort,
    ProcessStatus,
    Retry,
    StartRefused,
    State,
    StepContext,
    StepList,
    StepStatus,
    Target,
    Workflow,
    begin,
    conditional,
    input_step,
    run_in_memory,
    step,
    task,
    workflow,
)
from processes.engine.binding import MISSING, Unbound
from processes.engine.memory import MemoryStep
from processes.engine.values import state as state_module
from tests.processes.engine.bindings import Shelf, Thing


@step("Count")
def count(count: int = 0) -> State:
    return {"count": count + 1}


@step("Report", key="report")
def report(state: State) -> State:
    return {"report": sorted(state)}


@input_step("Ask")
def ask() -> Generator[Any, Any, State]:
    answers: State = yield
    return answers


def fails(times: int) -> Callable[[StepContext], State]:
    def call(context: StepContext) -> State:
        if context.attempt <= times:
            raise ConnectionError(f"try {context.attempt}")
        return {"key": context.idempotency_key}

    return call


def made_of(steps: StepList) -> Workflow:
    return task("Test", name="test")(lambda: steps)


def test_run_gives_status_state_and_steps() -> None:
    run = run_in_memory(made_of(begin >> count >> report), state={"colour": "red"})

    assert (run.status, run.error) == (ProcessStatus.COMPLETED, None)
    assert run.state == {"colour": "red", "count": 1, "report": ["colour", "count"]}
    assert run.steps == (
        MemoryStep("count", "Count", StepStatus.SUCCESS, 1, {"count": 1}),
        MemoryStep("report", "Report", StepStatus.SUCCESS, 1, {"report": ["colour", "count"]}),
    )


def test_workflow_without_steps_completes() -> None:
    run = run_in_memory(made_of(begin))

    assert (run.status, run.state, run.steps, run.error) == (ProcessStatus.COMPLETED, {}, (), None)


def test_condition_is_asked_of_the_state_at_that_moment() -> None:
    twice = conditional(lambda state: state["count"] == 1)(
        step("Again")(count.function) >> step("Thrice")(count.function)
    )

    run = run_in_memory(made_of(begin >> count >> twice))

    assert [one.status for one in run.steps] == [StepStatus.SUCCESS, StepStatus.SUCCESS, StepStatus.SKIPPED]
    assert run.state == {"count": 2}


def test_input_is_merged_and_the_run_goes_on() -> None:
    run = run_in_memory(made_of(begin >> ask >> report), inputs=[{"answer": 42}])

    assert (run.status, run.state["report"]) == (ProcessStatus.COMPLETED, ["answer"])
    assert run.steps[0].changes == {"answer": 42}


def test_run_stops_for_an_input_that_is_not_given() -> None:
    run = run_in_memory(made_of(begin >> count >> ask >> report))

    assert run.status is ProcessStatus.SUSPENDED
    assert [one.status for one in run.steps] == [StepStatus.SUCCESS, StepStatus.SUSPEND]


def test_retries_follow_at_once() -> None:
    flaky = step("Call", retry=Retry(tries=3, delay=1000))(fails(2))

    run = run_in_memory(made_of(begin >> flaky >> report))

    assert run.status is ProcessStatus.COMPLETED
    assert [(one.status, one.attempt) for one in run.steps] == [
        (StepStatus.WAITING, 1), (StepStatus.WAITING, 2), (StepStatus.SUCCESS, 3), (StepStatus.SUCCESS, 1),
    ]  # fmt: skip
    assert run.steps[0].error is not None
    assert run.steps[0].error.message == "try 1"


def test_failure_ends_the_run_with_the_state_before_it() -> None:
    run = run_in_memory(made_of(begin >> count >> step("Call")(fails(9)) >> report))

    assert (run.status, run.state, len(run.steps)) == (ProcessStatus.API_UNAVAILABLE, {"count": 1}, 2)
    assert run.error is not None
    assert run.error.class_name == "ConnectionError"


def test_state_that_grows_too_large_fails_the_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state_module, "STATE_LIMIT", 10)
    grow = step("Grow")(lambda: {"much": "x" * 20})

    run = run_in_memory(made_of(begin >> grow))

    assert (run.status, run.state) == (ProcessStatus.FAILED, {})
    assert run.error is not None
    assert run.error.class_name == "ResultError"


def painted(steps: StepList) -> Workflow:
    return workflow("Paint", target=Target.MODIFY, name="paint", binding=Shelf())(lambda: steps)


@step("Paint")
def paint(thing: Thing, colour: str) -> State:
    thing.colour = colour
    return {"thing": thing}


@step("Look")
def look(thing: Thing) -> State:
    return {"seen": thing.colour}


@step("Paint and forget")
def forget(thing: Thing) -> None:
    thing.colour = "pink"


def test_binding_is_called_in_its_order() -> None:
    shelf = Shelf()

    run = run_in_memory(painted(paint >> look), state={"name": "shed", "colour": "red"}, binding=shelf)

    assert (run.status, run.state["thing"], run.state["seen"]) == (ProcessStatus.COMPLETED, {"name": "shed"}, "red")
    assert shelf.things == {"shed": "red"}
    assert shelf.calls == [
        "start shed by memory",
        "session paint 1 holding thing:shed",
        "save shed red",
        "session look 1 holding thing:shed",
        "end completed of Thing shed holding thing:shed",
    ]


def test_binding_of_the_workflow_is_used_unless_another_is_given() -> None:
    bound = painted(begin >> look)

    run_in_memory(bound, state={"name": "shed"})

    assert isinstance(bound.binding, Shelf)
    assert bound.binding.calls[0] == "start shed by memory"


def test_refused_start_is_raised() -> None:
    with pytest.raises(StartRefused, match="This thing is forbidden"):
        run_in_memory(painted(begin >> look), state={"name": "forbidden"})


def test_change_that_is_not_returned_fails_the_step_and_saves_nothing() -> None:
    shelf = Shelf()

    run = run_in_memory(painted(begin >> forget), state={"name": "shed"}, binding=shelf)

    assert (run.status, shelf.things) == (ProcessStatus.FAILED, {"shed": "grey"})
    assert run.error is not None
    assert run.error.class_name == "NotReturned"
    assert shelf.calls[-1] == "end failed of Thing shed holding thing:shed"


def test_rule_that_refuses_the_commit_fails_the_step() -> None:
    shelf = Shelf({"barn": "red"})

    run = run_in_memory(painted(begin >> paint), state={"name": "shed", "colour": "red"}, binding=shelf)

    assert (run.status, shelf.things) == (ProcessStatus.FAILED, {"barn": "red", "shed": "grey"})
    assert run.error is not None
    assert (run.error.class_name, run.error.message) == ("TakenColour", "red")


def test_suspended_run_has_not_ended_for_the_binding() -> None:
    shelf = Shelf()

    run_in_memory(painted(begin >> ask), state={"name": "shed"}, binding=shelf)

    assert shelf.calls == ["start shed by memory", "session ask 1 holding thing:shed"]


def test_unbound_hands_out_nothing() -> None:
    session = Unbound().session(None)  # type: ignore[arg-type]

    assert session.inject("thing", Thing, {"name": "shed"}) is MISSING
    assert (session.commit(), session.has_changes, repr(MISSING)) == ((), False, "MISSING")


def test_step_ends_its_process() -> None:
    @step("Give up", key="give-up")
    def give_up() -> None:
        raise Abort("The customer has left.")

    shelf = Shelf()
    run = run_in_memory(made_of(begin >> count >> give_up >> report), state={"name": "lamp"}, binding=shelf)

    assert (run.status, [one.status for one in run.steps]) == (
        ProcessStatus.ABORTED,
        [StepStatus.SUCCESS, StepStatus.ABORT],
    )
    assert run.error is not None
    assert (run.error.class_name, run.error.message) == ("Abort", "The customer has left.")
    assert shelf.calls[-1] == "end aborted of Thing lamp holding thing:lamp"
