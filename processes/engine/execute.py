"""Run one try of a step: find its arguments, call it, make an outcome of what comes back."""

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
from processes.engine.errors import InjectionError, ResultError, StepError, blames_system, failed_status
from processes.engine.outcome import Failed, Outcome, Sign, Skipped, Success, Suspend, Waiting
from processes.engine.state import StateBytes, encode
from processes.engine.status import StepKind
from processes.engine.steps import State, Step


def _ignore(value: object) -> None:
    """Progress nobody watches."""


def _no_secret(name: str) -> str:
    raise KeyError(f"No secret named {name} is configured.")


@dataclass(frozen=True)
class StepContext:
    """What a step may know of its run.

    `idempotency_key` is the same for every try of this step in this process: hand it to outside systems, so that a
    repeat has no second effect. `attempt` counts from 1. `progress(value)` shows a JSON value to whoever watches.
    `secret(name)` raises KeyError for an unknown name.
    """

    process_id: UUID
    workflow_name: str
    path: str
    visit: int
    attempt: int
    created_by: str
    log: logging.Logger = field(default=logging.getLogger("processes.step"))
    deadline: datetime | None = None
    cancelled: bool = False
    progress: Callable[[object], None] = _ignore
    secret: Callable[[str], str] = _no_secret

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


def execute(
    step: Step, state: StateBytes, *, context: StepContext, session: StepSession, is_task: bool, tries_before: int
) -> Outcome:
    """One try. `tries_before` counts the tries of the present retry budget that failed before this one.

    Never raises for what user code does: an exception becomes Waiting or Failed.
    """
    try:
        if is_skipped(step, state):
            return Skipped()
        if step.kind is StepKind.INPUT:
            return Suspend(step.assignee)
        seen = narrow(state, step.focus)
        known = _effect_of_earlier_try(step, seen, context, session)
        if known is None:
            known = step.function(**arguments(step.function, seen, context=context, session=session))
        return Success(widen(state, step.focus, result(known, session)))
    except Exception as error:
        return failure(error, step, is_task=is_task, tries_before=tries_before)


def is_skipped(step: Step, state: StateBytes) -> bool:
    """Whether a condition of the step does not hold."""
    return any(not holds(state.as_dict()) for holds in step.conditions)


def calls_system(step: Step, state: StateBytes) -> bool:
    """Whether a try of the step would call an outside system; one whose condition raises comes to no call."""
    if not step.system or step.kind is StepKind.INPUT:
        return False
    try:
        return not is_skipped(step, state)
    except Exception:
        return False


def _effect_of_earlier_try(step: Step, seen: StateBytes, context: StepContext, session: StepSession) -> State | None:
    """What an earlier try would have returned, if the step can tell that its effect is there."""
    if step.verify is None or context.attempt == 1:
        return None
    return step.verify(**arguments(step.verify, seen, context=context, session=session))


def narrow(state: StateBytes, focus: tuple[str, ...]) -> StateBytes:
    """The part of the state that a focused step sees. Raises InjectionError when it is no object."""
    for key in focus:
        part = state.get(key, None)
        if not isinstance(part, dict | None):
            raise InjectionError(f'"{key}" in the state is not an object, so a step cannot be focused on it.')
        state = StateBytes.of(part or {})
    return state


def widen(state: StateBytes, focus: tuple[str, ...], patch: dict[str, bytes]) -> dict[str, bytes]:
    """What a focused step's patch changes in the whole state."""
    if not focus:
        return patch
    key, *inner = focus
    part = narrow(state, (key,))
    return {key: part.with_patch(widen(part, tuple(inner), patch)).to_json()}


def failure(error: Exception, step: Step, *, is_task: bool, tries_before: int) -> Waiting | Failed:
    """Try again by the step's policy, or fail. What the engine itself refuses is never tried again."""
    record, sign = StepError.of(error), _sign(error)
    if not isinstance(error, InjectionError | ResultError):
        seconds = step.retry.seconds_before_next(tries_before + 1, error)
        if seconds is not None:
            return Waiting(record, seconds, sign)
    return Failed(record, failed_status(error, is_task=is_task), sign)


def _sign(error: Exception) -> Sign:
    """What is raised before the call tells nothing of the outside system, what is raised after it that it answered."""
    match error:
        case InjectionError():
            return Sign.NONE
        case ResultError():
            return Sign.ALIVE
        case _:
            return Sign.TROUBLE if blames_system(error) else Sign.ALIVE


def result(returned: object, session: StepSession) -> dict[str, bytes]:
    """The patch of what a step returned. Raises ResultError."""
    if returned is None:
        returned = {}
    if not isinstance(returned, Mapping):
        raise ResultError(f"A step must return a dictionary or None, not {type(returned).__name__}.")
    return encode(session.collect(returned))


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
