"""YAML 1.2: what each scalar is, what is refused at which line, and that no text is costly."""

from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from processes.engine.values import yaml_text
from processes.engine.values.yaml_text import InvalidYaml
from products.catalogue import writing


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("yes", "yes"),
        ("on", "on"),
        ("1:30", "1:30"),
        ("1_000", "1_000"),
        ("2026-11-01", "2026-11-01"),
        ("0o17", 15),
        ("0x1F", 31),
        ("+5", 5),
        ("1e20", 1e20),
        (".5", 0.5),
        ("12345678901234567.89", Decimal("12345678901234567.89")),
        ("99999999999999999999", Decimal("99999999999999999999")),
        ("TRUE", True),
        ("~", None),
        ('"0100"', "0100"),
    ],
)
def test_scalars_are_those_of_yaml_1_2(text: str, value: Any) -> None:
    """Fault 12: YAML 1.1 reads 0100 as 64 and no as false."""
    read = yaml_text.load(f"a: {text}").content["a"]

    assert (read, isinstance(read, bool)) == (value, isinstance(value, bool))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a:\n  b: 0100", 2, "expected a number without leading zeros, or a text in quotes, not 0100"),
        ("a: 08", 1, "expected a number without leading zeros, or a text in quotes, not 08"),
        ("a:\n- .nan", 2, "expected a plain value, not '.nan' of type tag:yaml.org,2002:float"),
        ("a: " + "1" * 5000, 1, "expected a number of at most 400 digits"),
        ("a: 0x" + "f" * 5000, 1, "expected a number of at most 400 digits"),
        ("a: &x 1\nb: *x", 2, "expected the value itself, not an alias of it"),
        ("a: !!binary aGk=", 1, "expected a plain value, not 'aGk=' of type tag:yaml.org,2002:binary"),
        ("a: 1\nb: 2\na: 3", 1, "expected the key “a” only once"),
        ("1: a", 1, "expected a text as key"),
        ("[" * 1_000_000, 1, "expected at most 70 levels of lists and mappings"),
        ("\n".join(" " * depth + "a:" for depth in range(500)), 71, "expected at most 70 levels of lists and mappings"),
        ("a" * 2_000_001, 1, "expected at most 2000000 characters"),
    ],
)
def test_what_is_refused_is_told_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(InvalidYaml) as refused:
        yaml_text.load(text)

    assert (refused.value.line, str(refused.value)) == (line, message)


def test_bomb_of_aliases_is_refused_before_it_grows() -> None:
    bomb = "a: &a [x]\n" + "\n".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]" for n in range(20)
    )

    with pytest.raises(InvalidYaml, match="not an alias"):
        yaml_text.load(bomb)


def test_lines_of_parts() -> None:
    document = yaml_text.load("a:\n  - b: 1\n    c: 2\n")

    assert document.lines == {(): 1, ("a",): 1, ("a", 0): 2, ("a", 0, "b"): 2, ("a", 0, "c"): 3}


PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t\r\x85"), max_size=20)
TRICKY = st.sampled_from(["0100", "no", "1:30", "0o17", "1e5", "~", "", "<<", "=", "2026-11-01", " a", "a: b", "#"])


@given(st.recursive(PLAIN | TRICKY | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.none(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PLAIN, inner, max_size=3), max_leaves=8))  # fmt: skip # noqa: E501
def test_what_is_written_is_read_again(value: Any) -> None:
    written = yaml.dump({"a": value}, Dumper=writing.Dumper, sort_keys=False, allow_unicode=True, width=110)

    assert yaml_text.load(written).content == {"a": value}
