"""Whether everything that an expression names is there, before there is a value."""

import pytest

from products.schema.expressions import InvalidExpression, Kind, Names, Type, parse, read_fields, type_of

SAP = Type(Kind.BLOCK, frozenset({"SAP"}))
NAMES = Names(
    {
        "Circuit": {
            "saps": Type.many(SAP), "main": SAP, "speed": Type(Kind.NUMBER), "title": Type(Kind.TEXT),
            "either": Type(Kind.BLOCK, frozenset({"SAP", "Lag"})), "odd": Type(Kind.UNKNOWN),
        },
        "SAP": {"vlan": Type(Kind.SET), "speed": Type(Kind.NUMBER), "since": Type(Kind.MOMENT)},
        "Lag": {"speed": Type(Kind.NUMBER), "vlan": Type(Kind.TEXT)},
    },
    {"Circuit": frozenset({"Group"})},
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("speed + saps[0].speed", Kind.NUMBER),
        ("title + 'x'", Kind.TEXT),
        ("title[0]", Kind.TEXT),
        ("saps[0].vlan | main.vlan", Kind.SET),
        ("all(sap.speed > 1 for sap in saps if sap.vlan)", Kind.FLAG),
        ("max(sap.speed for sap in saps)", Kind.NUMBER),
        ("sorted(main.vlan)", Kind.LIST),
        ("max(speed, 1)", Kind.NUMBER),
        ("speed if title else 2", Kind.NUMBER),
        ("speed if title else 'x'", Kind.UNKNOWN),
        ("either.speed", Kind.NUMBER),
        ("either.vlan", Kind.UNKNOWN),
        ("main or saps[0]", Kind.BLOCK),
        ("subscription.speed * 2", Kind.NUMBER),
        ("subscription.speed", Kind.FACT),
        ("odd.anything + 1", Kind.NUMBER),
        ("users('Group')", Kind.LIST),
        ("not -speed < 3", Kind.FLAG),
        ("main.since - main.since", Kind.MOMENT),
        ("[one for one in main.vlan]", Kind.LIST),
        ("None", Kind.UNKNOWN),
        ("True", Kind.FLAG),
    ],
)
def test_kind(text: str, kind: Kind) -> None:
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
