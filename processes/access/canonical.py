"""Values as the audit trail keeps them: the same after every database, so that a digest over them holds. Pure.

PostgreSQL rewrites numbers of JSON (1e20 becomes 100000000000000000000) and refuses some texts; SQLite keeps both.
"""

import math
from collections.abc import Mapping
from typing import Any

from processes.engine.values.text import clean_text

LEAST, MOST = -(2**63), 2**64 - 1
"""Integers that come back as such; what is beyond is told in hexadecimal."""
MOST_DIGITS = 300


def canonical(value: Any) -> Any:
    """The value as JSON that comes back unchanged: whole floats are integers, what is no JSON is its text."""
    match value:
        case None | bool():
            return value
        case int() | float():
            return _number(value)
        case Mapping():
            return {clean_text(str(key)): canonical(inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [canonical(inner) for inner in value]
        case _:
            return clean_text(str(value))


def _number(value: float) -> int | float | str:
    if isinstance(value, int):
        return value if LEAST <= value <= MOST else hex(value)[:MOST_DIGITS]
    if not math.isfinite(value):
        return str(value)
    return int(value) if value.is_integer() and LEAST <= value <= MOST else value
