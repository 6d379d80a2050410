"""Sets of VLANs."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from products.schema.vlans import VlanRanges


@pytest.mark.parametrize(
    ("result", "ranges"),
    [
        (VlanRanges("2,5-6") | 7, "2,5-7"),
        (VlanRanges("2,5-6") | "1", "1-2,5-6"),
        ([1, 2] | VlanRanges(3), "1-3"),
        (VlanRanges("1-10") - {2, 3}, "1,4-10"),
        ("1-3" - VlanRanges(2), "1,3"),
        (VlanRanges("1-10") & "5-20", "5-10"),
        (VlanRanges("1-3") ^ VlanRanges("3-4"), "1-2,4"),
        (VlanRanges(), ""),
    ],
)
def test_arithmetic_gives_ranges(result: VlanRanges, ranges: str) -> None:
    assert (type(result), str(result)) == (VlanRanges, ranges)


def test_is_a_set_of_its_ids_in_order() -> None:
    vlans = VlanRanges("7,2-3")

    assert (list(vlans), len(vlans), 3 in vlans, vlans == frozenset({2, 3, 7})) == ([2, 3, 7], 3, True, True)
    assert (vlans.ranges, repr(vlans)) == (((2, 3), (7, 7)), "VlanRanges('2-3,7')")
    assert (vlans <= VlanRanges("1-10"), vlans.isdisjoint(VlanRanges(4)), hash(vlans)) == (
        True, True, hash(frozenset({2, 3, 7})),
    )  # fmt: skip


@pytest.mark.parametrize("other", ["x", 5000, -1, 1.5, None, [True], {"a": 1}])
def test_other_values_are_refused(other: Any) -> None:
    with pytest.raises(ValueError, match="must be VLANs between 0 and 4094"):
        VlanRanges(other)
    with pytest.raises(ValueError, match="must be VLANs between 0 and 4094"):
        _ = VlanRanges("1") | other


def test_is_a_type_of_form_fields() -> None:
    class Page(BaseModel):
        vlans: VlanRanges

    page = Page.model_validate({"vlans": "3,1-2"})

    assert (page.vlans, page.model_dump(mode="json")) == (VlanRanges("1-3"), {"vlans": "1-3"})
    assert Page.model_json_schema()["properties"]["vlans"] == {
        "format": "vlan-ranges", "title": "Vlans", "type": "string",
    }  # fmt: skip
    with pytest.raises(ValidationError, match="must be VLANs"):
        Page.model_validate({"vlans": "a"})
