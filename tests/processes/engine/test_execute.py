"""One attempt of a step: what is made of what comes back."""

from collections.abc import Callable, Generator, Mapping
from typing import Any
from uuid import UUID

import pytest

from processes.engine import Call, ProcessStatus, Retry, State, conditional, input_step, step
from processes.engine.binding import UnboundSession
from processes.engine.execute import execute
from processes.engine.outcome import Failed, NeedsInput, Outcome, RetryLater, Skipped, Success
from processes.engine.values.errors import ResultError
from processes.engine.values.state import StateBytes
from tests.processes.engine.conftest import PROCESS, context, place_of, run

ID = "00000000-0000-0000-0000-000000000005"


def returning(value: object) -> Call:
    return step("Step")(lambda: value)  # type: ignore[arg-type,return-value]


@pytest.mark.parametrize(
    ("returned", "patch"),
    [(None, {}), ({}, {}), ({"a": 1, "id": UUID(ID)}, {"a": b"1", "id": f'"{ID}"'.encode()})],
)
def test_returned_dictionary_is_the_patch(returned: object, patch: dict[str, bytes]) -> None:
    assert run(returning(returned)) == Success(patch)


@pytest.mark.parametrize("returned", [[("a", 1)], "text", 0, ({"a": 1},)])
def test_returning_anything_else_fails(returned: object) -> None:
    outcome = run(returning(returned))

    assert isinstance(outcome, Failed)
    assert outcome.error.class_name == "ResultError"
    assert outcome.error.message == f"A step must return a dictionary or None, not {type(returned).__name__}."


def test_exception_fails_and_is_kept() -> None:
    @step("Divide")
    def divide(by: int) -> State:
        return {"result": 1 // by}

    outcome = run(divide, {"by": 0})

    assert isinstance(outcome, Failed)
    assert (outcome.status, outcome.error.class_name) == (ProcessStatus.FAILED, "ZeroDivisionError")
    assert 'return {"result": 1 // by}' in outcome.error.traceback


def test_failure_of_a_task_is_called_precisely() -> None:
    @step("Compare")
    def compare() -> None:
        raise AssertionError

    outcome = run(compare, is_task=True)

    assert isinstance(outcome, Failed)
    assert outcome.status is ProcessStatus.INCONSISTENT_DATA


@pytest.mark.parametrize(("tries_before", "seconds"), [(0, 1.0), (1, 2.0), (2, None)])
def test_retry_policy_counts_the_tries_of_this_budget(tries_before: int, seconds: float | None) -> None:
    @step("Call", retry=Retry(tries=3, delay=1, jitter=0))
    def call() -> None:
        raise ConnectionError("down")

    outcome = run(call, tries_before=tries_before)

    assert (outcome.seconds if isinstance(outcome, RetryLater) else None) == seconds
    assert isinstance(outcome, RetryLater | Failed)
    assert outcome.error.message == "down"


@pytest.mark.parametrize(
    "function", [lambda missing: None, lambda: "text", lambda: {"a": float("nan")}], ids=["argument", "text", "nan"]
)
def test_what_the_engine_refuses_is_not_tried_again(function: Callable[..., Any]) -> None:
    assert isinstance(run(step("Step", retry=Retry(tries=3))(function)), Failed)


@pytest.mark.parametrize(
    ("answers", "outcome"), [((True, True), Success({})), ((True, False), Skipped()), ((False, True), Skipped())]
)
def test_step_runs_when_all_conditions_hold(answers: tuple[bool, bool], outcome: Outcome) -> None:
    steps = conditional(lambda state: state["outer"])(conditional(lambda state: state["inner"])(returning(None)))

    assert run(steps, {"outer": answers[0], "inner": answers[1]}) == outcome


def test_inner_condition_is_not_asked_when_the_outer_does_not_hold() -> None:
    steps = conditional(lambda state: False)(conditional(lambda state: state["missing"])(returning(None)))

    assert run(steps) == Skipped()


def test_condition_that_fails_fails_the_step() -> None:
    outcome = run(conditional(lambda state: state["missing"])(returning(None)))

    assert isinstance(outcome, Failed)
    assert outcome.error.class_name == "KeyError"


def test_condition_cannot_change_the_state() -> None:
    def meddle(state: State) -> bool:
        state["a"].append(2)
        return True

    @step("Read")
    def read(a: list[int]) -> State:
        return {"seen": a}

    assert run(conditional(meddle)(read), {"a": [1]}) == Success({"seen": b"[1]"})


def test_input_step_suspends_without_running_its_form() -> None:
    @input_step("Ask", assignee="CHANGES")
    def ask() -> Generator[Any, Any, State]:
        raise AssertionError
        return (yield)

    assert run(ask) == NeedsInput("CHANGES")
    assert run(conditional(lambda state: False)(ask)) == Skipped()


def test_context_tells_its_key_and_has_plain_defaults() -> None:
    known = context("reserve", attempt=3)

    known.progress({"percent": 50})
    assert known.idempotency_key == f"{PROCESS}/reserve/1"
    assert known.log.name == "processes.step"
    assert not known.cancelled


class Grumpy(UnboundSession):
    """A session that refuses what is returned."""

    def collect(self, returned: Mapping[str, object]) -> dict[str, Any]:
        raise ResultError("not like this")


def test_refusal_of_the_session_fails_the_step() -> None:
    outcome = execute(
        place_of(returning({})), StateBytes({}), context=context(), session=Grumpy(), is_task=False, tries_before=0
    )

    assert isinstance(outcome, Failed)
    assert outcome.error.message == "not like this"
