"""What a text in a field means, by the kind of the field. What means nothing stays as it was typed, with the reason."""

import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from processes.engine.values import json_text
from processes.forms import moments
from processes.forms.errors import FieldError
from processes.forms.fields import Input, Kind

BEFORE = "_before"
"""Below the path of a moment: what its field was filled with."""
OFFSET = "_offset"
"""Below the path of a moment: which one, where clocks were put back."""
_WHOLE = re.compile(r"[+-]?[0-9]{1,400}$")
_FRACTION = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?$")


class Typed(str):
    """A text that means no value: it is shown again as it was typed, and never taken for a text that was meant."""

    __slots__ = ()


class NoValue(ValueError):
    """A text cannot be what its field asks for; the message says why."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind

    def at(self, path: str) -> FieldError:
        """The message at its field."""
        return FieldError(type=self.kind, loc=list(path.split(".")), msg=str(self))


def converted(one: Input, text: str, post: QueryDict) -> Any:
    """The value of a text that is not empty. Raises `NoValue` where the page could not tell that it is wrong.

    Anything else that does not convert stays a text: the page says what is wrong with it.
    """
    convert = _CONVERTERS.get(one.sent_as if one.kind is Kind.HIDDEN else one.kind)
    return convert(one, text, post) if convert else text


def _whole(one: Input, text: str, post: QueryDict) -> Any:  # noqa: ARG001 - as the others
    return int(text) if _WHOLE.match(text) else text


def _number(one: Input, text: str, post: QueryDict) -> Any:  # noqa: ARG001 - as the others
    if one.format == "decimal" or not _FRACTION.match(text):
        return text
    value = exact_fraction(text)
    if value is None:
        raise NoValue("inexact_number", f"The number {text[:40]} cannot be kept exactly; give it fewer digits.")
    return value


def _json(one: Input, text: str, post: QueryDict) -> Any:  # noqa: ARG001 - as the others
    try:
        return json_text.read(text)
    except json_text.InvalidJson as error:
        raise NoValue("json_invalid", f"The value {error}.") from error


def _moment(one: Input, text: str, post: QueryDict) -> Any:
    before, moment = _read_moment(one, text, post)
    return before if moment is None else moment.isoformat()


def _timestamp(one: Input, text: str, post: QueryDict) -> Any:
    before, moment = _read_moment(one, text, post)
    return before if moment is None else int(moment.timestamp())


def _read_moment(one: Input, text: str, post: QueryDict) -> tuple[Any, datetime | None]:
    before: Any = post.get(f"{one.path}.{BEFORE}", "") or None
    if one.kind is Kind.TIMESTAMP and before is not None:
        before = _seconds(before)
    try:
        return before, moments.read(text, before=before, offset=post.get(f"{one.path}.{OFFSET}", ""))
    except moments.NoMoment as error:
        raise NoValue("datetime_invalid", str(error)) from error


def _seconds(text: str) -> int | float | None:
    if _WHOLE.match(text):
        return int(text)
    return exact_fraction(text) if _FRACTION.match(text) else None


def exact_fraction(text: str) -> float | None:
    """The number that comes back as it was written; None where a binary fraction would come back as another one."""
    wanted = Decimal(text)
    number = float(text)
    return number if math.isfinite(number) and Decimal(repr(number)) == wanted else None


def chosen(one: Input, raw: str) -> Any:
    """The value behind the text of an option: the number 4 for "4"; a text that is not offered stays."""
    return next((choice.value for choice in one.choices if str(choice.value) == raw), raw)


_CONVERTERS: Mapping[Kind, Callable[[Input, str, QueryDict], Any]] = {
    Kind.CHOICE: lambda one, text, _: chosen(one, text),
    Kind.INTEGER: _whole,
    Kind.NUMBER: _number,
    Kind.DATETIME: _moment,
    Kind.TIMESTAMP: _timestamp,
    Kind.JSON: _json,
    Kind.CHECKBOX: lambda _, text, __: {"true": True, "false": False}.get(text.lower(), text),
}
