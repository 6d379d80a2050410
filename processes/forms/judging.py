"""What is wrong with a page besides the fields that are: told together with them, as far as it can be known.

A page is judged in two rounds, its fields first and then the page as a whole; what is half typed is not even looked at
by its field. Here the second round runs over the fields that are right. A rule that reads a wrong one says nothing.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.errors import PydanticSchemaGenerationError
from pydantic.fields import FieldInfo

from processes.forms.errors import FieldError

ROOT = "__root__"
_ANY_TYPE = ConfigDict(arbitrary_types_allowed=True)


class NoAnswer:
    """Stands where something was typed that means no value, so that no field takes it for one."""


def without_faults(answers: Mapping[str, Any], faults: Sequence[FieldError]) -> dict[str, Any]:
    """The answers with `NoAnswer` at the place of each fault."""
    marked = deepcopy(dict(answers))
    for fault in faults:
        *parents, last = fault["loc"]
        place: Any = marked
        for step in parents:
            place = place[step]
        place[last] = NoAnswer()
    return marked


def besides(faults: Sequence[FieldError], errors: Sequence[FieldError]) -> list[FieldError]:
    """The faults, and the errors at other places: neither within one of them nor around it."""

    def is_apart(loc: list[str | int]) -> bool:
        return not any(loc[: len(place)] == place[: len(loc)] for place in (fault["loc"] for fault in faults))

    return [*faults, *(error for error in errors if is_apart(error["loc"]))]


def page_errors(
    page: type[BaseModel], answers: Mapping[str, Any], errors: Sequence[FieldError]
) -> Iterator[FieldError]:
    """What the rules of the page as a whole say when only fields are wrong; nothing where the page has spoken."""
    wrong = {str(error["loc"][0]) for error in errors}
    rules = list(_rules(page))
    if not rules or ROOT in wrong:
        return
    partial = _partial(page, answers, wrong)
    for rule in rules:
        try:
            rule(partial)
        except AttributeError:  # it reads a field that is wrong
            continue
        except (ValueError, AssertionError) as error:
            yield FieldError(type="value_error", loc=[ROOT], msg=str(error))


def _rules(page: type[BaseModel]) -> Iterator[Callable[[Any], object]]:
    """The validators of the page that run after those of its fields, and ask for nothing but the page."""
    for rule in page.__pydantic_decorators__.model_validators.values():
        if rule.info.mode == "after" and len(inspect.signature(rule.func).parameters) == 1:
            yield rule.func


def _partial(page: type[BaseModel], answers: Mapping[str, Any], wrong: set[str]) -> BaseModel:
    """The page with the fields that are right; the others it does not have at all."""
    values = {}
    for name, field in page.model_fields.items():
        given = field.alias or name
        if given in answers and given not in wrong:
            with suppress(ValidationError, PydanticSchemaGenerationError):
                values[name] = _read(field, answers[given])
                continue
            wrong.add(given)
    partial = page.model_construct(**values)
    for name, field in page.model_fields.items():
        if (field.alias or name) in wrong:
            partial.__dict__.pop(name, None)
    return partial


def _read(field: FieldInfo, value: Any) -> Any:
    annotation = field.rebuild_annotation()
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    adapter: TypeAdapter[Any] = TypeAdapter(annotation, config=None if is_model else _ANY_TYPE)
    return adapter.validate_python(value)
