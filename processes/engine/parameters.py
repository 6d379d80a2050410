"""What a step, a form or an input step asks for by its parameters, and whether anybody can fill them: said at load."""

import inspect
import typing
from collections import abc
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any

from pydantic import TypeAdapter
from pydantic.errors import PydanticUserError

from processes.engine.binding import MISSING
from processes.engine.context import StepContext
from processes.engine.values.errors import DefinitionError

WHOLE_STATE = "state"
"""A parameter of this name is the whole state."""

_CALLABLE: Any = abc.Callable
_PLAIN = (str, int, float, dict, list, NoneType)
_ABSTRACT = {
    object, Any, UnionType, abc.Mapping, abc.MutableMapping, abc.Sequence, abc.MutableSequence, abc.Collection,
    abc.Iterable,
}  # fmt: skip


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


@dataclass(frozen=True)
class Askable:
    """What may be asked for at some place: whether the context of a step is there, and what the binding fills.

    `supplies` says of an annotation whether the binding fills it; None is a binding that does not say, and is trusted.
    `names` are all there is in the state, where that is known, as it is of the form of a start; `kinds` are words for
    what the binding fills.
    """

    has_context: bool = True
    supplies: Callable[[object], bool] | None = None
    names: Collection[str] | None = None
    kinds: str = ""

    @property
    def text(self) -> str:
        """What may be asked for, in words."""
        whole = [f"`{WHOLE_STATE}` (the whole of it)"]
        context = ["`StepContext`"] if self.has_context else []
        if self.names is not None:
            return ", ".join([*(f"`{name}`" for name in sorted(self.names)), *whole])
        kinds = [self.kinds] if self.kinds else []
        return ", ".join([*context, *kinds, "a key of the state of a type that JSON can become", *whole])


def check_parameters(function: Callable[..., Any], where: str, askable: Askable) -> None:
    """Raise DefinitionError, naming `where`, the parameter and what may be asked for, unless all can be filled."""
    for parameter in _known(function, where):
        reason = _against(parameter, askable)
        if reason:
            raise DefinitionError(
                f"{where} asks for the parameter `{parameter.name}`, {reason}. It may ask for: {askable.text}."
            )


def _known(function: Callable[..., Any], where: str) -> tuple[Parameter, ...]:
    """The parameters of a function. Raises DefinitionError for one that nobody can fill by name."""
    try:
        for one in inspect.signature(function).parameters.values():
            if one.kind is inspect.Parameter.POSITIONAL_ONLY and one.default is inspect.Parameter.empty:
                raise DefinitionError(f"{where} asks for the parameter `{one.name}`, which cannot be given by name.")
        return parameters(function)
    except NameError as error:
        parameter = next((one for one in _written(function) if error.name and error.name in str(one[1])), ("?", ""))
        raise DefinitionError(
            f"{where} asks for the parameter `{parameter[0]}`, whose annotation {parameter[1]} is not known when the "
            f"module is loaded: {error}."
        ) from error
    except (TypeError, ValueError) as error:
        raise DefinitionError(f"{where}: its parameters cannot be read: {error}.") from error


def _written(function: Callable[..., Any]) -> Iterator[tuple[str, object]]:
    """The annotations of a function as they are written."""
    yield from getattr(inspect.unwrap(function), "__annotations__", {}).items()


def _against(parameter: Parameter, askable: Askable) -> str:
    """Why nobody can fill a parameter; "" when somebody can."""
    if parameter.annotation is StepContext:
        return "" if askable.has_context else "but there is no `StepContext` in a form"
    if parameter.name == WHOLE_STATE:
        return ""
    if askable.names is not None and parameter.name not in askable.names and parameter.default is MISSING:
        return "which is not there"
    if askable.supplies is None or askable.supplies(parameter.annotation) or is_json(parameter.annotation):
        return ""
    return f"but nobody can make a {_shown(parameter.annotation)}"


def _shown(annotation: object) -> str:
    return annotation.__name__ if isinstance(annotation, type) and not typing.get_args(annotation) else str(annotation)


def is_json(annotation: object) -> bool:
    """Whether a JSON value can be, or become, what is annotated."""
    try:
        adapter(annotation)
    except PydanticUserError:
        return False
    return _CALLABLE not in types_in(annotation)


@lru_cache(maxsize=1024)
def adapter(annotation: object) -> TypeAdapter[Any] | None:
    """How a JSON value becomes the annotated type; None leaves it as it is. Raises PydanticUserError."""
    if all(_is_plain(one) for one in types_in(annotation)):
        return None
    made: TypeAdapter[Any] = TypeAdapter(typing.cast("type[Any]", annotation))
    return made


def _is_plain(kind: type) -> bool:
    """Whether values of JSON are left as they are for this class."""
    return kind in _ABSTRACT or (issubclass(kind, _PLAIN) and not issubclass(kind, Enum))


def types_in(annotation: object) -> Iterator[type]:
    """The classes an annotation is made of: `list[UUID] | None` gives list, UUID and the class of None."""
    origin = typing.get_origin(annotation)
    if isinstance(origin or annotation, type):
        yield typing.cast("type", origin or annotation)
    if origin is not typing.Literal:
        for one in typing.get_args(annotation):
            yield from types_in(one)
