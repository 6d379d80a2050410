"""What a step is given: by name, as its annotations say."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Network
from pathlib import PurePath, PurePosixPath
from typing import Annotated, Any, Literal, Optional
from uuid import UUID

import pytest
from pydantic import BaseModel, Field

from processes.engine import State, StepContext
from processes.engine.injection import arguments, form_arguments
from processes.engine.values.errors import InjectionError
from processes.engine.values.state import StateBytes
from tests.processes.engine.conftest import context

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


def test_parametrised_collections_without_conversion_are_left_alone() -> None:
    assert given(Sequence[int], ["a"]) == ["a"]
