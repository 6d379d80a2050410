"""New names of fields in expressions."""

import pytest

from products.schema.expressions import Names, Type, TypeKind, parse, renamed, renamed_computed

NUMBER, SAP = Type(TypeKind.NUMBER), Type(TypeKind.BLOCK, frozenset({"SAP"}))
NAMES = Names({
    "Circuit": {"saps": Type.many(SAP), "speed": NUMBER, "vlan": NUMBER, "pace": NUMBER, "main": SAP},
    "SAP": {"vlan": NUMBER, "tag": NUMBER},
})  # fmt: skip
NEW = {("Circuit", "speed"): "pace", ("SAP", "vlan"): "tag"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("speed > 1", "pace > 1"),
        (" speed+speed ", "pace+pace"),
        ("vlan > main.vlan", "vlan > main.tag"),
        ("all(speed.vlan for speed in saps)", "all(speed.tag for speed in saps)"),
        ("'é speed' == '' or speed > main . vlan", "'é speed' == '' or pace > main . tag"),
        ("(speed >\n  main.vlan)", "(pace >\n  main.tag)"),
    ],
)
def test_only_what_reads_the_field_is_renamed(before: str, after: str) -> None:
    assert renamed(parse(before), "Circuit", NAMES, NEW) == after


def test_texts_of_computed_fields_keep_their_words() -> None:
    assert renamed_computed("{{speed}} speed {speed}", "Circuit", NAMES, NEW) == "{{speed}} speed {pace}"
    assert renamed_computed("=speed + 1", "Circuit", NAMES, NEW) == "=pace + 1"
