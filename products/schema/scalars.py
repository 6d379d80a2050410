"""Types of single values: what is accepted, the one JSON form it is kept in, and the Python value authors see."""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from processes.engine.values.words import read_word
from products.schema.parsing import (
    parse_boolean,
    parse_datetime,
    parse_decimal,
    parse_integer,
    parse_ip_address,
    parse_ip_network,
    parse_json,
    parse_lines,
    parse_mac,
    parse_string,
    parse_url,
    parse_uuid,
    plain_number,
)
from products.schema.patterns import matches
from products.schema.vlans import VlanRanges, parse_vlans

LONGEST_STRING = 1_000
LONGEST_TEXT = 100_000
CHOICES_SHOWN = 20
"""Choices that a refusal names."""


class ScalarKind(StrEnum):
    """The kinds of single values there are."""

    STRING = "string"
    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATETIME = "datetime"
    UUID = "uuid"
    IP_ADDRESS = "ip_address"
    IP_NETWORK = "ip_network"
    MAC = "mac"
    VLAN_RANGES = "vlan_ranges"
    URL = "url"
    ENUM = "enum"
    JSON = "json"


TEXTS = frozenset({ScalarKind.STRING, ScalarKind.TEXT})
NUMBERS = frozenset({ScalarKind.INTEGER, ScalarKind.DECIMAL})


@dataclass(frozen=True)
class ScalarType:
    """A kind of value with its constraints, which are checked when they are modelled (`constraints.check_type`).

    One that was stored before is used as far as it goes: what its constraints cannot be held against is refused.
    `choices` are texts for an enum and integers for an integer; `labels` are what people see of them, by the text of
    the choice, and a choice without one is shown as it is. `pattern` must match the whole text. Lengths count
    characters.
    """

    kind: ScalarKind
    name: str = ""
    choices: tuple[str | int, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str = ""
    labels: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        """Put the labels into the order of the choices: PostgreSQL keeps none in JSON."""
        places = {str(choice): place for place, choice in enumerate(self.choices)}
        ordered = sorted(self.labels, key=lambda label: (places.get(label[0], len(places)), label[0]))
        object.__setattr__(self, "labels", tuple(ordered))

    @property
    def labels_by_choice(self) -> dict[str, str]:
        """What people see of choices, by the text of the choice."""
        return dict(self.labels)

    def parse(self, value: object) -> Any:
        """The value in the one JSON form it is kept in; `ValueError` with a plain message when it is not allowed.

        Texts are taken for every kind but JSON, where any JSON value stands for itself. Parsing what was parsed
        changes nothing.
        """
        if value is None and self.kind is not ScalarKind.JSON:
            raise ValueError("a value is needed")
        parsed = _PARSERS.get(self.kind, _refuse_unknown)(value)
        self._check_limits(parsed)
        return parsed

    def python(self, value: Any) -> Any:
        """The parsed value as Python has it: Decimal, datetime (UTC), UUID, address, network, `VlanRanges`."""
        reader = _READERS.get(self.kind)
        return value if reader is None or value is None else reader(value)

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema (draft 2020-12) of the JSON form, with all that it can say of the constraints."""
        schema = dict(_JSON_SCHEMAS.get(self.kind, {}))
        if self.choices:
            schema["enum"] = list(self.choices)
        if self.labels:
            texts = map(str, self.choices)
            schema["options"] = {text: self.labels_by_choice.get(text, text) for text in texts}
        if self.kind is ScalarKind.INTEGER:
            bounds = {"minimum": self.minimum, "maximum": self.maximum}
            schema |= {key: int(bound) for key, bound in bounds.items() if bound is not None and _fits(bound)}
        if self.kind in TEXTS:
            lengths = {"minLength": self.min_length, "maxLength": longest(self)}
            schema |= {key: length for key, length in lengths.items() if length is not None}
        if self.pattern:
            schema["pattern"] = f"^(?:{self.pattern})$"
        return schema

    def to_json(self) -> dict[str, Any]:
        """All that is set, as JSON."""
        written: dict[str, Any] = {"kind": self.kind.value, "name": self.name}
        if self.choices:
            written["choices"] = list(self.choices)
        for key in ("minimum", "maximum"):
            if (bound := getattr(self, key)) is not None:
                written[key] = plain_number(bound)
        for key in ("min_length", "max_length"):
            if (length := getattr(self, key)) is not None:
                written[key] = length
        if self.pattern:
            written["pattern"] = self.pattern
        if self.labels:
            written["labels"] = self.labels_by_choice
        return written

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> "ScalarType":
        """Read what `to_json` wrote."""
        return cls(
            kind=read_word(ScalarKind, written["kind"]),
            name=written["name"],
            choices=tuple(written.get("choices", ())),
            minimum=Decimal(written["minimum"]) if "minimum" in written else None,
            maximum=Decimal(written["maximum"]) if "maximum" in written else None,
            min_length=written.get("min_length"),
            max_length=written.get("max_length"),
            pattern=written.get("pattern", ""),
            labels=tuple(written.get("labels", {}).items()),
        )

    def _check_limits(self, parsed: Any) -> None:
        if self.choices and parsed not in self.choices:
            raise ValueError(f"must be one of {_listed(self.choices)}")
        if self.kind in TEXTS:
            self._check_text(parsed)
        if self.kind in NUMBERS:
            self._check_number(Decimal(parsed))

    def _check_text(self, parsed: str) -> None:
        if len(parsed) > longest(self):
            raise ValueError(f"must be at most {longest(self)} characters")
        if len(parsed) < (self.min_length or 0):
            raise ValueError(f"must be at least {self.min_length} characters")
        if self.pattern and not self._is_matched(parsed):
            raise ValueError(f"must match the pattern {self.pattern}")

    def _is_matched(self, parsed: str) -> bool:
        try:
            return matches(self.pattern, parsed)
        except ValueError as error:
            raise ValueError(f"cannot be checked: the pattern {error}") from error

    def _check_number(self, parsed: Decimal) -> None:
        for bound in (self.minimum, self.maximum):
            if bound is not None and not bound.is_finite():
                raise ValueError("cannot be checked: its bounds are not numbers")
        if self.minimum is not None and parsed < self.minimum:
            raise ValueError(f"must be at least {plain_number(self.minimum)}")
        if self.maximum is not None and parsed > self.maximum:
            raise ValueError(f"must be at most {plain_number(self.maximum)}")


def longest(scalar: ScalarType) -> int:
    """The most characters of a text of this type."""
    return scalar.max_length or (LONGEST_STRING if scalar.kind is ScalarKind.STRING else LONGEST_TEXT)


def _fits(bound: Decimal) -> bool:
    """Whether an integer can be held against the bound by everybody who reads a schema."""
    return bound.is_finite() and -(2**63) <= bound < 2**63


def _listed(choices: tuple[str | int, ...]) -> str:
    shown = ", ".join(map(str, choices[:CHOICES_SHOWN]))
    return shown if len(choices) <= CHOICES_SHOWN else f"{shown} … ({len(choices)} in all)"


def _refuse_unknown(value: object) -> Any:  # noqa: ARG001 - a parser
    raise ValueError("is of a kind that this release does not know")


_PARSERS: Mapping[ScalarKind, Callable[[object], Any]] = {
    ScalarKind.STRING: parse_string,
    ScalarKind.TEXT: parse_lines,
    ScalarKind.INTEGER: parse_integer,
    ScalarKind.DECIMAL: parse_decimal,
    ScalarKind.BOOLEAN: parse_boolean,
    ScalarKind.DATETIME: parse_datetime,
    ScalarKind.UUID: parse_uuid,
    ScalarKind.IP_ADDRESS: parse_ip_address,
    ScalarKind.IP_NETWORK: parse_ip_network,
    ScalarKind.MAC: parse_mac,
    ScalarKind.VLAN_RANGES: parse_vlans,
    ScalarKind.URL: parse_url,
    ScalarKind.ENUM: parse_string,
    ScalarKind.JSON: parse_json,
}
_READERS: Mapping[ScalarKind, Callable[[Any], Any]] = {
    ScalarKind.DECIMAL: Decimal,
    ScalarKind.DATETIME: datetime.fromisoformat,
    ScalarKind.UUID: UUID,
    ScalarKind.IP_ADDRESS: ipaddress.ip_address,
    ScalarKind.IP_NETWORK: ipaddress.ip_network,
    ScalarKind.VLAN_RANGES: VlanRanges,
}
_JSON_SCHEMAS: Mapping[ScalarKind, Mapping[str, Any]] = {
    ScalarKind.STRING: {"type": "string"},
    ScalarKind.TEXT: {"type": "string", "format": "long"},
    ScalarKind.INTEGER: {"type": "integer"},
    ScalarKind.DECIMAL: {"type": "string", "format": "decimal"},
    ScalarKind.BOOLEAN: {"type": "boolean"},
    ScalarKind.DATETIME: {"type": "string", "format": "date-time"},
    ScalarKind.UUID: {"type": "string", "format": "uuid"},
    ScalarKind.IP_ADDRESS: {"type": "string", "format": "ipvanyaddress"},
    ScalarKind.IP_NETWORK: {"type": "string", "format": "ipvanynetwork"},
    ScalarKind.MAC: {"type": "string", "format": "mac"},
    ScalarKind.VLAN_RANGES: {"type": "string", "format": "vlan-ranges"},
    ScalarKind.URL: {"type": "string", "format": "uri"},
    ScalarKind.ENUM: {"type": "string"},
    ScalarKind.JSON: {},
}
