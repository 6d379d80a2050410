"""Types of single values: what is accepted, the one JSON form it is kept in, and the Python value authors see."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

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
from products.schema.vlans import parse_vlans, vlan_ids

LONGEST_STRING = 1_000
LONGEST_TEXT = 100_000


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


class InvalidType(ValueError):
    """The constraints of a type contradict each other or its kind; `constraint` is the one to change."""

    def __init__(self, constraint: str, message: str) -> None:
        super().__init__(message)
        self.constraint = constraint


@dataclass(frozen=True)
class ScalarType:
    """A kind of value with its constraints; one that contradicts itself cannot be made (`InvalidType`).

    `choices` are texts for an enum and integers for an integer. `pattern` must match the whole text.
    Lengths count characters.
    """

    kind: ScalarKind
    name: str = ""
    choices: tuple[str | int, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str = ""

    def __post_init__(self) -> None:
        _check_choices(self)
        _check_bounds(self)
        _check_pattern(self)

    def parse(self, value: object) -> Any:
        """The value in the one JSON form it is kept in; `ValueError` with a plain message when it is not allowed.

        Texts are taken for every kind but JSON, where any JSON value stands for itself. Parsing what was parsed
        changes nothing.
        """
        if value is None and self.kind is not ScalarKind.JSON:
            raise ValueError("a value is needed")
        parsed = _PARSERS[self.kind](value)
        self._check_limits(parsed)
        return parsed

    def python(self, value: Any) -> Any:
        """The parsed value as Python has it: Decimal, datetime (UTC), UUID, address, network, set of VLANs."""
        reader = _READERS.get(self.kind)
        return value if reader is None or value is None else reader(value)

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema (draft 2020-12) of the JSON form, with all that it can say of the constraints."""
        schema = dict(_JSON_SCHEMAS[self.kind])
        if self.choices:
            schema["enum"] = list(self.choices)
        if self.kind is ScalarKind.INTEGER:
            bounds = {"minimum": self.minimum, "maximum": self.maximum}
            schema |= {key: int(bound) for key, bound in bounds.items() if bound is not None}
        if self.kind in TEXTS:
            lengths = {"minLength": self.min_length, "maxLength": self.max_length or _longest(self.kind)}
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
        return written

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> "ScalarType":
        """Read what `to_json` wrote."""
        return cls(
            kind=ScalarKind(written["kind"]),
            name=written["name"],
            choices=tuple(written.get("choices", ())),
            minimum=Decimal(written["minimum"]) if "minimum" in written else None,
            maximum=Decimal(written["maximum"]) if "maximum" in written else None,
            min_length=written.get("min_length"),
            max_length=written.get("max_length"),
            pattern=written.get("pattern", ""),
        )

    def _check_limits(self, parsed: Any) -> None:
        if self.choices and parsed not in self.choices:
            raise ValueError(f"must be one of {', '.join(map(str, self.choices))}")
        if self.kind in TEXTS:
            self._check_text(parsed)
        if self.kind in NUMBERS:
            self._check_number(Decimal(parsed))

    def _check_text(self, parsed: str) -> None:
        longest = self.max_length or _longest(self.kind)
        if len(parsed) > longest:
            raise ValueError(f"must be at most {longest} characters")
        if len(parsed) < (self.min_length or 0):
            raise ValueError(f"must be at least {self.min_length} characters")
        if self.pattern and not re.fullmatch(self.pattern, parsed):
            raise ValueError(f"must match the pattern {self.pattern}")

    def _check_number(self, parsed: Decimal) -> None:
        if self.minimum is not None and parsed < self.minimum:
            raise ValueError(f"must be at least {plain_number(self.minimum)}")
        if self.maximum is not None and parsed > self.maximum:
            raise ValueError(f"must be at most {plain_number(self.maximum)}")


def _check_choices(scalar: ScalarType) -> None:
    if scalar.kind is ScalarKind.ENUM and not scalar.choices:
        raise InvalidType("choices", "an enum needs choices")
    expected: dict[ScalarKind, type] = {ScalarKind.ENUM: str, ScalarKind.INTEGER: int}
    if scalar.choices and scalar.kind not in expected:
        raise InvalidType("choices", f"only an enum or an integer has choices, not {scalar.kind.value}")
    if any(type(choice) is not expected[scalar.kind] for choice in scalar.choices):
        raise InvalidType(
            "choices", f"the choices of this {scalar.kind.value} must be of type {expected[scalar.kind].__name__}"
        )
    if len(set(scalar.choices)) != len(scalar.choices):
        raise InvalidType("choices", "a choice is named twice")


def _check_bounds(scalar: ScalarType) -> None:
    if scalar.kind not in NUMBERS and (scalar.minimum is not None or scalar.maximum is not None):
        constraint = "minimum" if scalar.minimum is not None else "maximum"
        raise InvalidType(constraint, f"only an integer or a decimal has a minimum or maximum, not {scalar.kind.value}")
    if scalar.kind not in TEXTS and (scalar.min_length is not None or scalar.max_length is not None):
        constraint = "min_length" if scalar.min_length is not None else "max_length"
        raise InvalidType(constraint, f"only a string or a text has a length, not {scalar.kind.value}")
    for constraint, bound in (("minimum", scalar.minimum), ("maximum", scalar.maximum)):
        if bound is not None and not bound.is_finite():
            raise InvalidType(constraint, "a bound must be a finite number")
        if bound is not None and scalar.kind is ScalarKind.INTEGER and bound != bound.to_integral_value():
            raise InvalidType(constraint, "the bounds of an integer must be whole numbers")
    if scalar.minimum is not None and scalar.maximum is not None and scalar.minimum > scalar.maximum:
        raise InvalidType("minimum", "the minimum is above the maximum")
    if (scalar.min_length or 0) > (scalar.max_length or LONGEST_TEXT):
        raise InvalidType("min_length", "the shortest length is above the longest")


def _check_pattern(scalar: ScalarType) -> None:
    if not scalar.pattern:
        return
    if scalar.kind not in TEXTS:
        raise InvalidType("pattern", f"only a string or a text has a pattern, not {scalar.kind.value}")
    try:
        re.compile(scalar.pattern)
    except re.error as error:
        raise InvalidType("pattern", f"the pattern is not a regular expression: {error}") from error


def _longest(kind: ScalarKind) -> int:
    return LONGEST_STRING if kind is ScalarKind.STRING else LONGEST_TEXT


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
    ScalarKind.VLAN_RANGES: vlan_ids,
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
