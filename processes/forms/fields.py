"""A page as a tree of inputs: what to ask, how, within which bounds. How it is read from a schema is in `reading`."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

Schema = Mapping[str, Any]


class Kind(StrEnum):
    """How a value is asked for, or what is only shown."""

    TEXT = "text"
    LONG = "long"
    INTEGER = "integer"
    NUMBER = "number"
    CHECKBOX = "checkbox"
    CHOICE = "choice"
    MULTIPLE = "multiple"
    LIST = "list"
    GROUP = "group"
    UNION = "union"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    TIMESTAMP = "timestamp"
    JSON = "json"
    ACCEPT = "accept"
    HIDDEN = "hidden"
    LABEL = "label"
    DIVIDER = "divider"
    CALLOUT = "callout"
    MARKDOWN = "markdown"
    SUMMARY = "summary"
    READ_ONLY = "read_only"


SHOWN_ONLY: Final = frozenset({Kind.LABEL, Kind.DIVIDER, Kind.CALLOUT, Kind.MARKDOWN, Kind.SUMMARY, Kind.READ_ONLY})
"""Kinds that take no answer."""

MISSING: Final = object()
"""No value at all, where None is one."""


@dataclass(frozen=True)
class Choice:
    """A value that may be chosen, and what people read."""

    value: Any
    label: str


@dataclass(frozen=True)
class Variant:
    """One of the kinds that a UNION may be of: the value that names it, what people read, and its fields."""

    value: str
    label: str
    fields: tuple["Input", ...]


@dataclass(frozen=True)
class Input:
    """One place of a page. `path` is the name in a post: property names and row numbers joined by dots.

    `search` narrows what is suggested for a `format` of which there are too many to list; None where nothing is.
    `choices` are set for CHOICE and MULTIPLE, `fields` for GROUP, `item` (whose path ends in `*`) for LIST, `variants`
    and `tag` (the name of the property that tells which of them it is) for UNION, `sent_as` (how a value that is not
    shown is written) for HIDDEN. `data` is what ACCEPT, CALLOUT, MARKDOWN and SUMMARY show. Bounds are None where there
    are none.
    """

    path: str
    kind: Kind
    label: str
    help: str = ""
    required: bool = False
    nullable: bool = False
    default: Any = MISSING
    format: str = ""
    search: Mapping[str, str] | None = None
    choices: tuple[Choice, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    max_length: int | None = None
    min_length: int | None = None
    min_items: int = 0
    max_items: int | None = None
    fields: tuple["Input", ...] = ()
    item: "Input | None" = None
    variants: tuple[Variant, ...] = ()
    tag: str = ""
    sent_as: Kind = Kind.TEXT
    data: Any = None

    @property
    def can_be_absent(self) -> bool:
        """Whether it is a group that one may give or leave out, as a person says by a button."""
        return self.kind is Kind.GROUP and self.nullable

    @property
    def tag_path(self) -> str:
        """The name in a post of which kind a UNION is of."""
        return f"{self.path}.{self.tag}"

    def variant(self, value: object) -> Variant | None:
        """The kind that this names; None where it names none."""
        return next((one for one in self.variants if one.value == value), None)

    @property
    def name(self) -> str:
        """The key under which the value stands in its object."""
        return self.path.rpartition(".")[2]

    def row(self, number: int) -> "Input":
        """The input of a row of this list."""
        assert self.item is not None
        return _moved(self.item, self.path + ".*", f"{self.path}.{number}")


def _moved(one: Input, old: str, new: str) -> Input:
    return replace(
        one,
        path=new + one.path.removeprefix(old),
        fields=_all_moved(one.fields, old, new),
        item=_moved(one.item, old, new) if one.item else None,
        variants=tuple(replace(kind, fields=_all_moved(kind.fields, old, new)) for kind in one.variants),
    )


def _all_moved(fields: tuple[Input, ...], old: str, new: str) -> tuple[Input, ...]:
    return tuple(_moved(child, old, new) for child in fields)
