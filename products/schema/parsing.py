"""Read single values: each function gives the JSON form a value is kept in, or a `ValueError` in plain words."""

import ipaddress
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Context, Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from processes.engine.values.json_text import LongNumber
from processes.engine.values.text import is_storable, plain_lines

LONGEST_URL = 1_000
DEEPEST_JSON = 50
MOST_DIGITS = 38
_PLAIN = Context(prec=10 * MOST_DIGITS)
URL_SCHEMES = ("http", "https", "ftp", "sftp", "ssh")


def plain_number(number: Decimal) -> str:
    """The number without exponent and trailing zeros; as it is where that would be too long to read."""
    if not number:
        return "0"
    is_long = not number.is_finite() or abs(number.adjusted()) > 10 * MOST_DIGITS
    return str(number) if is_long else format(number.normalize(_PLAIN), "f")


def parse_text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("must be text")
    if not is_storable(value):
        raise ValueError("must not contain characters that cannot be stored")
    return value


def parse_lines(value: object) -> str:
    """A text of several lines; each of their ends is one character, however a browser or a file writes it."""
    return plain_lines(parse_text(value))


def parse_string(value: object) -> str:
    text = parse_text(value)
    if "\n" in text or "\r" in text:
        raise ValueError("must be on one line")
    return text


def parse_integer(value: object) -> int:
    if isinstance(value, str) and re.fullmatch(r"\s*[+-]?[0-9]{1,100}\s*", value):
        value = int(value)
    if isinstance(value, LongNumber) and value == value.to_integral_value():
        raise ValueError("must fit in 64 bits")
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError("must be a whole number")
    if not -(2**63) <= value < 2**63:
        raise ValueError("must fit in 64 bits")
    return value


def parse_decimal(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise ValueError("must be a number")
    text = str(value).strip()
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ValueError("must be a number") from error
    if "_" in text or not text.isascii():
        raise ValueError("must be a number")
    if not number.is_finite():
        raise ValueError("must be a finite number")
    if len(number.as_tuple().digits) > MOST_DIGITS or not -MOST_DIGITS <= number.adjusted() < MOST_DIGITS:
        raise ValueError(f"must have at most {MOST_DIGITS} digits")
    return plain_number(number)


def parse_boolean(value: object) -> bool:
    if isinstance(value, bool):
        return value
    words = {"true": True, "false": False}
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    raise ValueError("must be true or false")


def parse_datetime(value: object) -> str:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(parse_text(value))
    except ValueError as error:
        raise ValueError("must be a date and time such as 2030-01-31T12:00:00+01:00") from error
    if moment.tzinfo is None:
        raise ValueError("must carry a time zone, such as +01:00 or Z")
    try:
        return moment.astimezone(UTC).isoformat()
    except OverflowError as error:
        raise ValueError("must lie between the years 1 and 9999") from error


def parse_uuid(value: object) -> str:
    try:
        return str(value if isinstance(value, UUID) else UUID(parse_text(value)))
    except ValueError as error:
        raise ValueError("must be a UUID") from error


def parse_ip_address(value: object) -> str:
    if isinstance(value, (ipaddress.IPv4Address, ipaddress.IPv6Address)):
        return str(value)
    try:
        return str(ipaddress.ip_address(parse_text(value).strip()))
    except ValueError as error:
        raise ValueError("must be an IPv4 or IPv6 address") from error


def parse_ip_network(value: object) -> str:
    if isinstance(value, (ipaddress.IPv4Network, ipaddress.IPv6Network)):
        return str(value)
    try:
        return str(ipaddress.ip_network(parse_text(value).strip()))
    except ValueError as error:
        raise ValueError("must be an IPv4 or IPv6 network without host bits, such as 192.0.2.0/24") from error


def parse_mac(value: object) -> str:
    digits = re.sub(r"[:.\-]", "", parse_text(value).strip()).lower()
    if not re.fullmatch(r"[0-9a-f]{12}", digits):
        raise ValueError("must be a MAC address such as 00:53:00:aa:bb:cc")
    return ":".join(re.findall("..", digits))


def parse_url(value: object) -> str:
    text = parse_string(value).strip()
    try:
        parts = urlsplit(text)
        usable = parts.scheme in URL_SCHEMES and bool(parts.hostname) and not re.search(r"\s", text)
    except ValueError:
        usable = False
    if not usable or len(text) > LONGEST_URL:
        raise ValueError(f"must be an address with host that begins with {', '.join(URL_SCHEMES)}")
    return text


def parse_json(value: object) -> Any:
    """Any JSON value whose numbers are kept exactly: whole ones of 64 bits, others as doubles."""
    _check_json(value, depth=0)
    try:
        return json.loads(json.dumps(value, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise ValueError("must be JSON") from error


def _check_json(value: object, *, depth: int) -> None:
    if depth > DEEPEST_JSON:
        raise ValueError(f"must not be nested deeper than {DEEPEST_JSON}")
    if isinstance(value, str):
        parse_text(value)
    if isinstance(value, int) and not isinstance(value, bool):
        parse_integer(value)
    if isinstance(value, LongNumber):
        raise ValueError(f"holds the number {value}, which JSON numbers here cannot keep exactly; give it as a text")
    children: Iterable[object] = value if isinstance(value, (list, tuple)) else ()
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise ValueError("must be JSON: every key is a text")
        children = [*value.keys(), *value.values()]
    for child in children:
        _check_json(child, depth=depth + 1)
