"""The difference of two trees."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.tree import Change, differences

TREE = {"node": {"name": "ams-1", "ports": [{"id": 1}, {"id": 2}]}, "note": None}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (TREE, TREE, []),
        ({"a": 1}, {"a": 2}, [Change("a", 1, 2)]),
        ({}, {"a": {"b": 2}}, [Change("a.b", None, 2)]),
        (None, {"a": 1}, [Change("a", None, 1)]),
        ({"a": [1, 2]}, {"a": [1]}, [Change("a[1]", 2, None)]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, [Change("a[0].b", 1, 2)]),
        ({"a": 1}, {"a": {"b": 2}}, [Change("a", 1, {"b": 2})]),
        ({"a": True}, {"a": False}, [Change("a", True, False)]),
        ({"a": [None]}, {"a": [{"": "SAP", "vlan": 7}]}, [Change("a[0]", None, "SAP"), Change("a[0].vlan", None, 7)]),
    ],
)
def test_differences_name_each_place(before: Any, after: Any, expected: list[Change]) -> None:
    assert differences(before, after) == expected


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("ab", min_size=1), inner),
    max_leaves=10,
)


@given(json_values)
def test_nothing_differs_from_itself(value: Any) -> None:
    assert differences(value, value) == []
