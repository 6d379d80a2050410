"""Field types of inventory objects: what a value must look like and how it is stored."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_interface, ip_network
from typing import Any

LARGEST_INTEGER = 2**63 - 1  # SQLite's
TRUE_WORDS = frozenset({"true", "1"})
FALSE_WORDS = frozenset({"false", "0"})


class FieldType(StrEnum):
    """The value types an inventory field can have."""

    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    REFERENCE = "reference"
    NETWORK = "network"
    ADDRESS = "address"


class OnDelete(StrEnum):
    """What happens to an object when the one it refers to is deleted; the values are SQL."""

    PROTECT = "RESTRICT"
    CASCADE = "CASCADE"
    CLEAR = "SET NULL"


@dataclass(frozen=True)
class Field:
    """One field of a kind; `column` is its name in the file and in a filter."""

    name: str
    type: FieldType
    required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    to: str = ""
    on_delete: OnDelete = OnDelete.PROTECT
    max_length: int = 200

    @property
    def column(self) -> str:
        """References are stored under `<name>_id`, unless the name says so already."""
        if self.type is FieldType.REFERENCE and not self.name.endswith("_id"):
            return f"{self.name}_id"
        return self.name

    def parse(self, value: Any) -> Any:
        """The stored form of a JSON value; ValueError says in plain words what was wrong with it."""
        if value is None:
            return self._empty()
        if self.type is FieldType.TEXT:
            return self._text(value)
        if self.type is FieldType.CHOICE:
            return self._choice(value)
        return PARSERS[self.type](value)

    def parse_filter(self, text: str) -> Any:
        """The stored form of a query parameter, which is always text."""
        match self.type:
            case FieldType.BOOLEAN:
                return _boolean_word(text)
            case FieldType.INTEGER | FieldType.REFERENCE:
                return None if text == "null" else _integer_word(text)
            case _:
                return text

    def _empty(self) -> Any:
        if self.required or self.type is FieldType.BOOLEAN:
            raise ValueError("This field may not be null.")
        return self.default if self.type is FieldType.TEXT else None

    def _text(self, value: Any) -> Any:
        if not isinstance(value, str):
            raise ValueError("Not a valid string.")
        if not value.strip() and self.required:
            raise ValueError("This field may not be blank.")
        if len(value) > self.max_length:
            raise ValueError(f"Ensure this field has no more than {self.max_length} characters.")
        if "\0" in value or any(0xD800 <= ord(character) <= 0xDFFF for character in value):
            raise ValueError("This field holds characters that cannot be stored.")
        return value or self.default  # an empty text of a field that defaults to null is null

    def _choice(self, value: Any) -> str | None:
        if value == "" and not self.required:
            return None
        if value not in self.choices:
            raise ValueError(f"{value!r} is not a valid choice; one of {', '.join(self.choices)} is.")
        return str(value)


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("A valid integer is required.")
    if not 0 <= value <= LARGEST_INTEGER:
        raise ValueError(f"Ensure this value lies between 0 and {LARGEST_INTEGER}.")
    return value


def _integer_word(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise ValueError("Enter a whole number.")
    return _integer(int(text[:20]))


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("Must be a valid boolean.")
    return value


def _boolean_word(text: str) -> bool:
    if text.lower() in TRUE_WORDS:
        return True
    if text.lower() in FALSE_WORDS:
        return False
    raise ValueError("Enter true or false.")


def _network(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("Not a valid string.")
    try:
        return str(ip_network(value))
    except ValueError as error:
        raise ValueError(f"{value} is not a valid IPv4 or IPv6 prefix.") from error


def _address(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("Not a valid string.")
    try:
        return str(ip_interface(value))
    except ValueError as error:
        raise ValueError(f"{value} is not a valid IPv4 or IPv6 address with mask.") from error


PARSERS: dict[FieldType, Callable[[Any], Any]] = {
    FieldType.INTEGER: _integer,
    FieldType.REFERENCE: _integer,
    FieldType.BOOLEAN: _boolean,
    FieldType.NETWORK: _network,
    FieldType.ADDRESS: _address,
}
