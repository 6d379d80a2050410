"""Values of a page as people read them: labels instead of values, for summaries and for what is only shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from processes.engine.values.secrets import MASK
from processes.forms.choices import choices_of
from processes.forms.fields import MISSING, Input, Kind, Schema
from processes.forms.reading import inputs
from processes.lists.values import for_people, local

_OBJECTS = frozenset({Kind.GROUP, Kind.UNION})
_NOT_ANSWERS = frozenset({Kind.LABEL, Kind.DIVIDER, Kind.CALLOUT, Kind.MARKDOWN, Kind.SUMMARY, Kind.HIDDEN})


@dataclass(frozen=True)
class Answer:
    """One line of a summary."""

    label: str
    text: str


def summary(schema: Schema, answers: Mapping[str, Any]) -> list[Answer]:
    """The answers to a page with their labels, and defaults where nothing was answered."""
    return list(_answers(inputs(schema), answers, ()))


def shown(one: Input, value: Any) -> str:
    """A value as text: the label of a choice, Yes or No, a moment in the site's time zone; nothing for null."""
    if value is MISSING:
        return ""
    if one.format == "password":
        return MASK if value else ""
    if isinstance(value, list):
        return ", ".join(shown(one.item or one, item) for item in value)
    label = next((choice.label for choice in choices_of(one) if str(choice.value) == str(value)), None)
    return label or _moment(one, value) or for_people(value)


def _answers(fields: tuple[Input, ...], answers: Mapping[str, Any], parents: tuple[str, ...]) -> Iterator[Answer]:
    for one in fields:
        if one.kind in _NOT_ANSWERS:
            continue
        value = answers.get(one.name, one.default)
        yield from _answer(one, value, parents)


def _answer(one: Input, value: Any, parents: tuple[str, ...]) -> Iterator[Answer]:
    if one.kind is Kind.GROUP and isinstance(value, Mapping):
        yield from _answers(one.fields, value, (*parents, one.label))
    elif one.kind is Kind.UNION and isinstance(value, Mapping):
        yield from _members(one, value, (*parents, one.label))
    elif one.kind is Kind.LIST and isinstance(value, list) and one.item and one.item.kind in _OBJECTS:
        for number, row in enumerate(value):
            values = row if isinstance(row, Mapping) else {}
            yield from _members(one.item, values, (*parents, one.label, str(number + 1)))
    elif one.kind is Kind.ACCEPT:
        yield Answer(_named(one, parents), "Confirmed" if value == "ACCEPTED" else "Not confirmed")
    else:
        yield Answer(_named(one, parents), shown(one, value))


def _members(one: Input, values: Mapping[str, Any], parents: tuple[str, ...]) -> Iterator[Answer]:
    """The answers of a group, or of a union with its kind."""
    variant = one.variant(values.get(one.tag)) if one.kind is Kind.UNION else None
    if variant is not None:
        yield Answer(" / ".join(parents), variant.label)
    yield from _answers(variant.fields if variant else one.fields, values, parents)


def _named(one: Input, parents: tuple[str, ...]) -> str:
    return " / ".join([*parents, one.label])


def _moment(one: Input, value: Any) -> str:
    try:
        match one.kind:
            case Kind.DATETIME:
                return _text(local(datetime.fromisoformat(str(value))))
            case Kind.TIMESTAMP:
                return _text(datetime.fromtimestamp(int(value), timezone.get_current_timezone()))
            case _:
                return ""
    except (ValueError, TypeError, OverflowError, OSError):
        return ""


def _text(moment: datetime) -> str:
    """To the minute, or to the second where it is not a whole minute, with the name of its zone."""
    seconds = f"{moment:%-d %b %Y %H:%M:%S}" if moment.second else f"{moment:%-d %b %Y %H:%M}"
    return f"{seconds} {moment:%Z}".rstrip()
