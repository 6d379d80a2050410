"""Whether everything that an expression names is there, before there is a value."""

import pytest

from products.schema.expressions import InvalidExpression, Names, Type, TypeKind, parse, read_fields, type_of

SAP = Type(TypeKind.BLOCK, frozenset({"SAP"}))
NAMES = Names(
    {
        "Circuit": {
            "saps": Type.many(SAP), "main": SAP, "speed": Type(TypeKind.NUMBER), "title": Type(TypeKind.TEXT),
            "either": Type(TypeKind.BLOCK, frozenset({"SAP", "Lag"})), "odd": Type(TypeKind.UNKNOWN),
        },
        "SAP": {"vlan": Type(TypeKind.SET), "speed": Type(TypeKind.NUMBER), "since": Type(TypeKind.MOMENT)},
        "Lag": {"speed": Type(TypeKind.NUMBER), "vlan": Type(TypeKind.TEXT)},
    },
    {"Circuit": frozenset({"Group"})},
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("speed + saps[0].speed", TypeKind.NUMBER),
        ("title + 'x'", TypeKind.TEXT),
        ("title[0]", TypeKind.TEXT),
        ("saps[0].vlan | main.vlan", TypeKind.SET),
        ("all(sap.speed > 1 for sap in saps if sap.vlan)", TypeKind.FLAG),
        ("max(sap.speed for sap in saps)", TypeKind.NUMBER),
        ("sorted(main.vlan)", TypeKind.LIST),
        ("max(speed, 1)", TypeKind.NUMBER),
        ("speed if title else 2", TypeKind.NUMBER),
        ("speed if title else 'x'", TypeKind.UNKNOWN),
        ("either.speed", TypeKind.NUMBER),
        ("either.vlan", TypeKind.UNKNOWN),
        ("main or saps[0]", TypeKind.BLOCK),
        ("subscription.speed * 2", TypeKind.NUMBER),
        ("subscription.speed", TypeKind.FACT),
        ("odd.anything + 1", TypeKind.NUMBER),
        ("users('Group')", TypeKind.LIST),
        ("not -speed < 3", TypeKind.FLAG),
        ("main.since - main.since", TypeKind.MOMENT),
        ("[one for one in main.vlan]", TypeKind.LIST),
        ("None", TypeKind.UNKNOWN),
        ("True", TypeKind.FLAG),
    ],
)
def test_kind(text: str, kind: TypeKind) -> None:
    assert type_of(parse(text), "Circuit", NAMES).kind is kind


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("speed > nope", "refers to nothing: there is no “nope”; there is saps, main, speed, title, either, odd"),
        ("all(sap.foo for sap in saps)", r"refers to nothing: SAP has no “foo”; SAP has vlan, speed, since \(at char"),
        ("either.since", "refers to nothing: Lag has no “since”"),
        ("saps.vlan", r"asks a list for its vlan; write \[one.vlan for one in …\]"),
        ("speed.more", "asks a number for its more"),
        ("subscription.speed.more", "asks a fact of the subscription for its more"),
        ("[one for one in speed]", "goes through a number, which is no list"),
        ("speed[0]", "takes a member of a number, which is no list"),
        ("title > speed", "compares a text with a number"),
        ("title + speed", "combines a text and a number, which do not go together"),
        ("title - title", "combines a text and a text"),
        ("speed | speed", "combines a number and a number"),
        ("-title", "needs a number and has a text"),
        ("len(speed)", "needs a list or a set of VLANs or a text and has a number"),
        ("sum(speed)", "needs a list or a set of VLANs and has a number"),
        ("round(title)", "needs a number and has a text"),
        ("upper(speed)", "needs a text and has a number"),
        ("1 in speed", "looks for something in a number, which holds nothing"),
        ("users('SAP')", "refers to nothing: no block “SAP” refers to this one; Group does"),
    ],
)
def test_refused_with_the_reason(text: str, message: str) -> None:
    with pytest.raises(InvalidExpression, match=message):
        type_of(parse(text), "Circuit", NAMES)


def test_what_is_read_is_told() -> None:
    assert read_fields(parse("[one.vlan for one in saps if one.speed > subscription.speed]"), "Circuit", NAMES) == {
        ("Circuit", "saps"), ("SAP", "vlan"), ("SAP", "speed"), ("subscription", "speed"),
    }  # fmt: skip
