"""What an expression gives for what is there, and that it ends."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from products.schema import VlanRanges
from products.schema.expressions import Budget, EvaluationFailed, evaluate, parse


class Fields:
    """A block for expressions."""

    def __init__(self, users: Sequence["Fields"] | None = None, **values: Any) -> None:
        self.values, self.used_by = values, users

    def read(self, name: str, budget: Budget) -> Any:
        return self.values.get(name)

    def users(self, names: Sequence[str]) -> Sequence["Fields"] | None:
        return self.used_by


CIRCUIT = Fields(
    speed=10,
    share=Decimal("2.50"),
    name=None,
    title="two ends",
    ordered=datetime(2026, 1, 2, tzinfo=UTC),
    saps=[Fields(vlan=VlanRanges("1-5"), speed=4), Fields(vlan=VlanRanges("5-9"), speed=6)],
    many=list(range(1000)),
    users=[Fields(vlan=VlanRanges(7))],
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("speed * 2 + 1.5", Decimal("21.5")),
        ("-speed", -10),
        ("7 / 2", Decimal("3.5")),
        ("speed / 5", 2),
        ("speed // 3", 3),
        ("speed % 3", 1),
        ("1 < speed <= 10", True),
        ("speed in [10, 20] and 'two' in title", True),
        ("speed not in [10, 20]", False),
        ("saps[0].speed + saps[-1].speed", 10),
        ("saps[5].speed", None),
        ("sum(sap.speed for sap in saps) == speed", True),
        ("[sap.speed for sap in saps if sap.speed > 4]", [6]),
        ("overlap(sap.vlan for sap in saps)", True),
        ("len(saps[0].vlan | saps[1].vlan)", 9),
        ("len(saps[0].vlan - saps[1].vlan)", 4),
        ("distinct([[1], [1]])", False),
        ("distinct(sap.speed for sap in saps)", True),
        ("[min(speed, 4), max(sap.speed for sap in saps), max([])]", [4, 6, None]),
        ("sorted([3, 1, None])", [1, 3]),
        ("abs(-3) + round(2.4) + round(1.25, 1)", Decimal("6.2")),
        ("upper(title) + lower('A')", "TWO ENDSa"),
        ("str(share) + str(ordered) + str([1, 2])", "2.502026-01-02T00:00:00+00:001, 2"),
        ("join([sap.speed for sap in saps], '-')", "4-6"),
        ("'fast' if speed > 5 else 'slow'", "fast"),
        ("len([a for a in saps for b in saps if a.speed != b.speed])", 2),
        ("len(users('SAP'))", 1),
    ],
)
def test_value(text: str, value: Any) -> None:
    assert evaluate(parse(text), CIRCUIT) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("name == 'x'", None),
        ("name > 3", None),
        ("name + 1", None),
        ("not name", None),
        ("name.more", None),
        ("len(name)", None),
        ("[one for one in name]", None),
        ("name == 'x' or speed == 10", True),
        ("name == 'x' and speed == 11", False),
        ("name == 'x' and speed == 10", None),
        ("name is None", True),
        ("speed != None", True),
        ("all(one == 1 for one in [1, None])", None),
        ("any(one == 1 for one in [1, None])", True),
        ("sum([1, None])", 1),
    ],
)
def test_what_is_not_set_makes_unknown_what_depends_on_it(text: str, value: Any) -> None:
    assert evaluate(parse(text), CIRCUIT) is value or evaluate(parse(text), CIRCUIT) == value


def test_users_are_read_where_they_are_known() -> None:
    port = Fields(users=[Fields(vlan=VlanRanges("1-3")), Fields(vlan=VlanRanges("3"))])

    assert evaluate(parse("overlap(sap.vlan for sap in users('SAP'))"), port) is True


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("speed / 0", "divides by zero"),
        ("title * 3", "only numbers are multiplied"),
        ("title % 3", "only numbers have a remainder"),
        ("round(speed, 99999999999)", "a number is rounded to 0 to 30 decimals"),
        ("speed.more", "asks a value for its more"),
        ("[one for one in speed]", "goes through what is no list"),
        ("speed[0]", "takes a member of what is no list"),
        ("title < speed", "does not fit the values"),
        ("1e30 * 1e30", "leaves the range of numbers"),
        ("len([1 for a in many for b in many])", "takes more than 50000 steps"),
        (
            "+".join(["title"] * 10) + " + join(many, '" + "x" * 200 + "')",
            "makes a text of more than 100000 characters",
        ),
    ],
)
def test_what_has_no_value_says_why(text: str, reason: str) -> None:
    with pytest.raises(EvaluationFailed, match=reason):
        evaluate(parse(text), CIRCUIT)


def test_all_that_is_read_on_the_way_counts() -> None:
    with pytest.raises(EvaluationFailed, match="takes more than 50000 steps"):
        evaluate(parse("[one for one in many]"), CIRCUIT, Budget(left=10))


def test_computed_values_are_read_so_deep_and_no_deeper() -> None:
    with Budget(depth=9).deeper():
        pass
    with pytest.raises(EvaluationFailed, match="through more than 10 others"), Budget(depth=10).deeper():
        pass
