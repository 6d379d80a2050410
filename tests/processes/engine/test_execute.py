"""One try of a step: what it is given, and what is made of what comes back."""

import enum
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Network
from pathlib import PurePath, PurePosixPath
from typing import Annotated, Any, Literal, Optional
from uuid import UUID

import pytest
from pydantic import BaseModel, Field

from processes.engine import Call, ProcessStatus, Retry, State, StepContext, conditional, input_step, step
from processes.engine.binding import UnboundSession
from processes.engine.errors import InjectionError, ResultError
from processes.engine.execute import execute
from processes.engine.injection import arguments, form_arguments
from processes.engine.outcome import Failed, NeedsInput, Outcome, RetryLater, Skipped, Success
from processes.engine.state import StateBytes

PROCESS = UUID(int=1)
ID = "00000000-0000-0000-0000-000000000005"
OTHER = "00000000-0000-0000-0000-000000000006"
MOMENT = "2026-01-02T03:04:05+00:00"


class Colour(enum.Enum):
    RED = "red"


class Size(enum.IntEnum):
    SMALL = 1


class Reading(BaseModel):
    at: date


@dataclass
class Point:
    x: int


def context(path: str = "step", attempt: int = 1) -> StepContext:
    return StepContext(PROCESS, "letters", path, 1, attempt, "ada")


def run(one: Call, state: State | None = None, *, is_task: bool = False, tries_before: int = 0) -> Outcome:
    return execute(
        one,
        StateBytes.of(state or {}),
        context=context(one.key),
        session=UnboundSession(),
        is_task=is_task,
        tries_before=tries_before,
    )


def given(annotation: Any, value: object) -> object:
    """What a step gets whose one parameter has this annotation."""

    def function(value: object) -> None: ...

    function.__annotations__ = {"value": annotation}
    return arguments(function, StateBytes.of({"value": value}))["value"]


@pytest.mark.parametrize(
    ("annotation", "value", "expected"),
    [
        (UUID, ID, UUID(ID)),
        (list[UUID], [ID, OTHER], [UUID(ID), UUID(OTHER)]),
        (UUID | None, None, None),
        (UUID | None, ID, UUID(ID)),
        (Optional[UUID], ID, UUID(ID)),  # noqa: UP045 - both spellings are in use
        (Optional[list[UUID]], [ID], [UUID(ID)]),  # noqa: UP045
        (list[UUID] | None, [ID], [UUID(ID)]),
        (dict[str, list[UUID]], {"a": [ID]}, {"a": [UUID(ID)]}),
        (tuple[UUID, ...], [ID], (UUID(ID),)),
        (set[str], ["a", "a"], {"a"}),
        (frozenset[UUID], [ID], frozenset({UUID(ID)})),
        (Annotated[UUID, Field(description="an id")], ID, UUID(ID)),
        (Colour, "red", Colour.RED),
        (list[Colour], ["red"], [Colour.RED]),
        (Size, 1, Size.SMALL),
        (datetime, MOMENT, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (date, "2026-01-02", date(2026, 1, 2)),
        (time, "03:04:00", time(3, 4)),
        (timedelta, 120.0, timedelta(minutes=2)),
        (Decimal, "1.10", Decimal("1.10")),
        (PurePath, "/etc", PurePosixPath("/etc")),
        (IPv4Address, "10.0.0.1", IPv4Address("10.0.0.1")),
        (IPv4Address | IPv6Address, "::1", IPv6Address("::1")),
        (IPv4Network, "10.0.0.0/8", IPv4Network("10.0.0.0/8")),
        (IPv6Network, "fe80::/64", IPv6Network("fe80::/64")),
        (IPv4Interface, "10.0.0.1/8", IPv4Interface("10.0.0.1/8")),
        (Reading, {"at": "2026-01-02"}, Reading(at=date(2026, 1, 2))),
        (Point, {"x": 1}, Point(1)),
        (list[Point], [{"x": 1}], [Point(1)]),
        (str, "text", "text"),
        (int, "no conversion", "no conversion"),
        (bool, 1, 1),
        (list[str], ["a"], ["a"]),
        (dict[str, Any], {"a": 1}, {"a": 1}),
        (Literal["red"], "blue", "blue"),
        (Any, [1], [1]),
        (object, {"a": 1}, {"a": 1}),
    ],
    ids=repr,
)
def test_values_become_what_the_annotation_says(annotation: Any, value: object, expected: object) -> None:
    found = given(annotation, value)

    assert (found, type(found)) == (expected, type(expected))


def test_without_annotation_a_value_is_as_it_is() -> None:
    assert arguments(lambda value: None, StateBytes.of({"value": ID})) == {"value": ID}


@pytest.mark.parametrize(
    ("annotation", "value"),
    [(UUID, "no id"), (UUID, None), (Colour, "blue"), (list[UUID], ID), (Reading, {"when": 1}), (Decimal, "many")],
)
def test_value_of_another_type_is_refused_by_name(annotation: Any, value: object) -> None:
    with pytest.raises(InjectionError, match='"value" in the state is not what the step requires: '):
        given(annotation, value)


def test_type_that_nobody_can_make_is_refused_by_name() -> None:
    class Odd(set):  # type: ignore[type-arg]
        pass

    with pytest.raises(InjectionError, match='"value" in the state is not what the step requires: '):
        given(Odd, [1])


def test_arguments_by_name_default_context_and_whole_state() -> None:
    def function(
        name: str, state: State, run: StepContext, *args: object, colour: str = "red", **rest: object
    ) -> None: ...

    known = context()

    assert arguments(function, StateBytes.of({"name": "shed", "more": 1}), context=known) == {
        "name": "shed",
        "state": {"name": "shed", "more": 1},
        "run": known,
        "colour": "red",
    }


def test_state_goes_before_default() -> None:
    def function(colour: str | None = "red") -> None: ...

    assert arguments(function, StateBytes.of({"colour": None})) == {"colour": None}


def test_missing_argument_is_named() -> None:
    with pytest.raises(InjectionError, match='The step requires "colour", which is not in the state'):
        form_arguments(lambda colour: None, {"name": "shed"})


def test_form_gets_its_arguments_from_a_plain_state() -> None:
    def form(product: UUID, state: State) -> None: ...

    assert form_arguments(form, {"product": ID}) == {"product": UUID(ID), "state": {"product": ID}}


def test_form_has_no_context() -> None:
    def form(step: StepContext) -> None: ...

    with pytest.raises(InjectionError, match='"step"'):
        form_arguments(form, {})


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

    assert run(next(iter(steps)), {"outer": answers[0], "inner": answers[1]}) == outcome


def test_inner_condition_is_not_asked_when_the_outer_does_not_hold() -> None:
    steps = conditional(lambda state: False)(conditional(lambda state: state["missing"])(returning(None)))

    assert run(next(iter(steps))) == Skipped()


def test_condition_that_fails_fails_the_step() -> None:
    outcome = run(next(iter(conditional(lambda state: state["missing"])(returning(None)))))

    assert isinstance(outcome, Failed)
    assert outcome.error.class_name == "KeyError"


def test_condition_cannot_change_the_state() -> None:
    def meddle(state: State) -> bool:
        state["a"].append(2)
        return True

    @step("Read")
    def read(a: list[int]) -> State:
        return {"seen": a}

    assert run(next(iter(conditional(meddle)(read))), {"a": [1]}) == Success({"seen": b"[1]"})


def test_input_step_suspends_without_running_its_form() -> None:
    @input_step("Ask", assignee="CHANGES")
    def ask() -> Generator[Any, Any, State]:
        raise AssertionError
        return (yield)

    assert run(ask) == NeedsInput("CHANGES")
    assert run(next(iter(conditional(lambda state: False)(ask)))) == Skipped()


def test_context_tells_its_key_and_has_plain_defaults() -> None:
    known = context("reserve", attempt=3)

    known.progress({"percent": 50})
    assert known.idempotency_key == f"{PROCESS}/reserve/1"
    assert known.log.name == "processes.step"
    with pytest.raises(KeyError, match="No secret named token is configured"):
        known.secret("token")


class Grumpy(UnboundSession):
    """A session that refuses what is returned."""

    def collect(self, returned: Mapping[str, object]) -> dict[str, Any]:
        raise ResultError("not like this")


def test_refusal_of_the_session_fails_the_step() -> None:
    outcome = execute(returning({}), StateBytes({}), context=context(), session=Grumpy(), is_task=False, tries_before=0)

    assert isinstance(outcome, Failed)
    assert outcome.error.message == "not like this"


def test_parametrised_collections_without_conversion_are_left_alone() -> None:
    assert given(Sequence[int], ["a"]) == ["a"]
