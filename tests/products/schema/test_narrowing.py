"""What a product makes narrower in a block."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from products.schema import BlockSchema, FieldKind, FieldSchema, Narrowing, ScalarKind, ScalarType, narrow
from products.schema.narrowing import narrowed

MODE = ScalarType(ScalarKind.ENUM, choices=("tagged", "plain"), labels=(("tagged", "Tags"), ("plain", "None")))
SPEED = ScalarType(ScalarKind.INTEGER, minimum=Decimal(10), maximum=Decimal(100))
FIELDS = {
    "saps": FieldSchema("saps", FieldKind.BLOCK_LIST, blocks=("SAP",), minimum=2, maximum=8),
    "tags": FieldSchema("tags", FieldKind.SCALAR_LIST, scalar=ScalarType(ScalarKind.STRING)),
    "mode": FieldSchema("mode", scalar=MODE),
    "speed": FieldSchema("speed", scalar=SPEED, default=50),
    "share": FieldSchema("share", scalar=ScalarType(ScalarKind.DECIMAL)),
    "node": FieldSchema("node", FieldKind.BLOCK, blocks=("Node",)),
    "since": FieldSchema("since", scalar=ScalarType(ScalarKind.DATETIME)),
    "title": FieldSchema("title", scalar=ScalarType(ScalarKind.STRING), computed="x"),
}
BLOCK = BlockSchema("Circuit", fields=tuple(FIELDS.values()))


def narrowing(field: str, **more: Any) -> Narrowing:
    return Narrowing("Circuit", field, **more)


@pytest.mark.parametrize(
    ("one", "changed"),
    [
        (narrowing("saps", most=2), {"maximum": 2}),
        (narrowing("saps", fewest=3), {"minimum": 3}),
        (narrowing("tags", fewest=1, most=3), {"minimum": 1, "maximum": 3}),
        (
            narrowing("mode", choices=("tagged",)),
            {"scalar": replace(MODE, choices=("tagged",), labels=(("tagged", "Tags"),)), "default": "tagged"},
        ),
        (narrowing("speed", choices=(20, 50)), {"scalar": replace(SPEED, choices=(20, 50))}),
        (narrowing("speed", minimum=Decimal(20)), {"scalar": replace(SPEED, minimum=Decimal(20))}),
        (narrowing("share", maximum=Decimal(1)), {"scalar": ScalarType(ScalarKind.DECIMAL, maximum=Decimal(1))}),
        (narrowing("tags", choices=("a",)), {"scalar": ScalarType(ScalarKind.STRING, choices=("a",))}),
        (narrowing("node"), {}),
    ],
)
def test_narrower(one: Narrowing, changed: dict[str, Any]) -> None:
    assert narrowed(FIELDS[one.field], one) == replace(FIELDS[one.field], **changed)
    assert Narrowing.from_json(one.to_json()) == one


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (narrowing("saps", fewest=1), "would have at least 1 members, and the block asks for 2"),
        (narrowing("saps", most=9), "would have up to 9 members, and the block allows 8"),
        (narrowing("saps", most=1), "cannot have at least 2 and at most 1 members"),
        (narrowing("tags", most=0), "cannot have at least 0 and at most 0 members"),
        (narrowing("mode", most=1), "is not a list, so it has no fewest or most members"),
        (narrowing("mode", choices=("other",)), "would allow 'other', which must be one of tagged, plain in the block"),
        (narrowing("mode", choices=("plain", "plain")), "names a choice twice"),
        (narrowing("since", choices=("x",)), "has no choices: only an enum, an integer or a string has"),
        (narrowing("speed", minimum=Decimal(5)), "would begin at 5, and the block at 10"),
        (narrowing("speed", maximum=Decimal("100.5")), "would end at 100.5, and the block at 100"),
        (narrowing("speed", minimum=Decimal(90), maximum=Decimal(80)), "would have a minimum above its maximum"),
        (narrowing("speed", minimum=Decimal(60)), "has the default 50, which must be at least 60"),
        (narrowing("mode", minimum=Decimal(1)), "is no number, so it has no minimum or maximum"),
        (narrowing("title", choices=("x",)), "holds no values that are given, so it has no choices or bounds"),
        (narrowing("node", choices=("x",)), "holds no values that are given, so it has no choices or bounds"),
    ],
)
def test_wider_or_impossible_is_refused(one: Narrowing, reason: str) -> None:
    with pytest.raises(ValueError, match="^" + reason.replace("(", r"\(")):
        narrowed(FIELDS[one.field], one)


def test_what_cannot_be_narrowed_stays_and_is_told_by_number() -> None:
    asked = [
        narrowing("saps", most=2), narrowing("saps", most=3), narrowing("nope", most=2), Narrowing("Node", "x", most=2),
    ]  # fmt: skip

    blocks, faults = narrow({"Circuit": BLOCK}, asked)

    assert blocks["Circuit"].field("saps").maximum == 2
    assert faults == [
        (2, "Circuit.saps is narrowed twice"),
        (3, f"Circuit.nope is not there; the block has {', '.join(FIELDS)}"),
        (4, "Node.x is not there: the product has no such block"),
    ]
