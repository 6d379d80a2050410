"""Numbers go round as they were sent, or are refused in words."""

import json
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.engine.values import json_text
from processes.engine.values.json_text import InvalidJson, LongNumber

NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**63), 2**64 - 1)


@given(NUMBERS)
def test_numbers_are_read_as_json_has_them(number: float) -> None:
    read = json_text.read(json.dumps({"a": [number]}))

    assert (type(read["a"][0]), read) == (type(number), {"a": [number]})


@given(NUMBERS)
def test_what_a_database_in_decimal_gives_back_is_what_was_written(number: float) -> None:
    """Fault 3: PostgreSQL writes 1e20 as a whole number of 21 digits."""
    kept = format(Decimal(json_text.to_database(number).decode()), "f")

    back = json_text.from_database(kept)
    assert (type(back), back) == (type(number), number)


def test_whole_number_beyond_64_bits_that_was_kept_before_is_a_float() -> None:
    assert json_text.from_database('{"x": 100000000000000000000}') == {"x": 1e20}


@pytest.mark.parametrize(
    "text",
    ["12345678901234567.89", "99999999999999999999", "18446744073709551616", "1e-400", "-1.0000000000000001"],
)
def test_number_that_neither_double_nor_64_bits_hold_is_exact_or_refused(text: str) -> None:
    exact = json_text.read_exactly(f"[{text}]")
    with pytest.raises(InvalidJson) as refused:
        json_text.read(f"[{text}]")

    assert exact == [Decimal(text)]
    assert isinstance(exact[0], LongNumber)
    assert str(refused.value) == (
        f"holds the number {text}, which JSON numbers here cannot keep exactly; send it as a text"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not JSON: EOF while parsing an object at line 1 column 1"),
        ("[NaN]", "is not JSON: "),
        ("[1e400]", "is not JSON: number is infinity when parsed as double: line 1 column 2 (char 1)"),
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "names “c” twice in one object"),
        ("[" * 150 + "]" * 150, "is nested deeper than 100 levels"),
        ("[" + "1" * 5000 + "]", ""),
        ('"\\ud800"', "is not JSON: "),
    ],
)
def test_what_is_no_json_or_not_certain_is_refused(text: str, message: str) -> None:
    for read in (json_text.read, json_text.read_exactly):
        with pytest.raises(InvalidJson) as refused:
            read(text)

        assert message.split(": ", maxsplit=1)[0] in str(refused.value)


def test_deepest_value_is_read() -> None:
    assert json_text.read("[" * 100 + "]" * 100) is not None


@given(st.recursive(NUMBERS | st.text() | st.none() | st.booleans(), st.lists, max_leaves=8))
def test_only_numbers_are_written_otherwise(value: Any) -> None:
    assert orjson.loads(json_text.to_database({"a:1e5": value})) == {"a:1e5": value}
