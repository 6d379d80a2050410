"""Find the arguments of a step or form by name, and what a focused step sees of the state."""

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError
from pydantic.errors import PydanticUserError

from processes.engine.binding import MISSING, Reader
from processes.engine.context import StepContext
from processes.engine.kinds.node import State
from processes.engine.parameters import WHOLE_STATE, Parameter, adapter, parameters
from processes.engine.values.errors import InjectionError
from processes.engine.values.state import StateBytes


def arguments(
    function: Callable[..., Any],
    state: StateBytes,
    *,
    context: StepContext | None = None,
    session: Reader | None = None,
) -> dict[str, object]:
    """The arguments of a step or form, by name. Raises InjectionError naming what is missing."""
    return {one.name: _argument(one, state, context, session) for one in parameters(function)}


def _argument(parameter: Parameter, state: StateBytes, context: StepContext | None, session: Reader | None) -> object:
    if parameter.annotation is StepContext and context is not None:
        return context
    if parameter.name == WHOLE_STATE:
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
        converter = adapter(parameter.annotation)
        return value if converter is None else converter.validate_python(value)
    except (ValidationError, PydanticUserError) as error:
        raise InjectionError(f'"{parameter.name}" in the state is not what the step requires: {error}') from error


def form_arguments(function: Callable[..., Any], state: State, reader: Reader | None = None) -> dict[str, object]:
    """The arguments of a form from a plain state; `reader` hands out what the binding knows. Raises InjectionError."""
    return arguments(function, StateBytes.of(state), session=reader)


def with_reader(form: Callable[..., Any], reader: Callable[[], Reader]) -> Callable[[State], Any]:
    """The same form as a function of the state alone, which asks a new reader each time it runs."""

    def pages(state: State) -> Any:
        return form(**form_arguments(form, state, reader()))

    return pages
