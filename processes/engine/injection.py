"""Find the arguments of a step or form by name, and what a focused step sees of the state."""

import inspect
import logging
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from pathlib import PurePath
from typing import Any
from uuid import UUID

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.errors import PydanticUserError

from processes.engine.binding import MISSING, StepSession
from processes.engine.kinds.node import State
from processes.engine.values.errors import InjectionError
from processes.engine.values.state import StateBytes


def _ignore(value: object) -> None:
    """Progress nobody watches."""


def _never() -> bool:
    """Nobody can cancel a run in memory."""
    return False


@dataclass(frozen=True)
class StepContext:
    """What a step may know of its run.

    `idempotency_key` is the same for every try of this step in this process: hand it to external systems, so that a
    repeat has no second effect. `attempt` counts from 1. `progress(value)` shows a JSON value to whoever watches.
    `deadline` is when a step with a timeout is stopped. `frames` are what the composites around the step keep, by path.
    """

    process_id: UUID
    workflow_name: str
    path: str
    visit: int
    attempt: int
    created_by: str
    log: logging.Logger = field(default=logging.getLogger("processes.step"))
    deadline: datetime | None = None
    frames: Mapping[str, Any] = field(default_factory=dict)
    progress: Callable[[object], None] = _ignore
    is_cancelled: Callable[[], bool] = _never

    @property
    def cancelled(self) -> bool:
        """Whether the process was aborted or taken over, so that nobody waits for this step; asks each time."""
        return self.is_cancelled()

    @property
    def idempotency_key(self) -> str:
        return f"{self.process_id}/{self.path}/{self.visit}"


@dataclass(frozen=True)
class Parameter:
    """A parameter of a step or form: its name, annotation, and default or MISSING."""

    name: str
    annotation: object
    default: object


@lru_cache(maxsize=4096)
def parameters(function: Callable[..., Any]) -> tuple[Parameter, ...]:
    """The parameters that are filled by name; `*args` and `**kwargs` get nothing."""
    hints = typing.get_type_hints(function)
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return tuple(
        Parameter(one.name, hints.get(one.name), MISSING if one.default is inspect.Parameter.empty else one.default)
        for one in inspect.signature(function).parameters.values()
        if one.kind in named
    )


def arguments(
    function: Callable[..., Any],
    state: StateBytes,
    *,
    context: StepContext | None = None,
    session: StepSession | None = None,
) -> dict[str, object]:
    """The arguments of a step or form, by name. Raises InjectionError naming what is missing."""
    return {one.name: _argument(one, state, context, session) for one in parameters(function)}


def _argument(
    parameter: Parameter, state: StateBytes, context: StepContext | None, session: StepSession | None
) -> object:
    if parameter.annotation is StepContext and context is not None:
        return context
    if parameter.name == "state":
        return state.as_dict()
    value = state.get(parameter.name, MISSING)
    if session is not None:
        given = session.inject(parameter.name, parameter.annotation, value)
        if given is not MISSING:
            return given
    if value is not MISSING:
        return _convert(parameter, value)
    if parameter.default is not MISSING:
        return parameter.default
    raise InjectionError(f'The step requires "{parameter.name}", which is not in the state.')


def _convert(parameter: Parameter, value: object) -> object:
    try:
        adapter = _adapter(parameter.annotation)
        return value if adapter is None else adapter.validate_python(value)
    except (ValidationError, PydanticUserError) as error:
        raise InjectionError(f'"{parameter.name}" in the state is not what the step requires: {error}') from error


_CONVERTED = (
    UUID, date, time, timedelta, Decimal, Enum, PurePath, set, frozenset, BaseModel,
    IPv4Address, IPv6Address, IPv4Network, IPv6Network, IPv4Interface, IPv6Interface,
)  # fmt: skip


@lru_cache(maxsize=1024)
def _adapter(annotation: object) -> TypeAdapter[Any] | None:
    """How a JSON value becomes the annotated type, for types that JSON does not know; None leaves it as it is."""
    if not any(is_dataclass(one) or issubclass(one, _CONVERTED) for one in _types_in(annotation)):
        return None
    adapter: TypeAdapter[Any] = TypeAdapter(typing.cast("type[Any]", annotation))
    return adapter


def _types_in(annotation: object) -> Iterator[type]:
    """The classes an annotation is made of: `list[UUID] | None` gives list, UUID and the class of None."""
    origin = typing.get_origin(annotation)
    if isinstance(origin or annotation, type):
        yield typing.cast("type", origin or annotation)
    if origin is not typing.Literal:
        for one in typing.get_args(annotation):
            yield from _types_in(one)


def form_arguments(function: Callable[..., Any], state: State) -> dict[str, object]:
    """The arguments of a form from a plain state. Raises InjectionError."""
    return arguments(function, StateBytes.of(state))
