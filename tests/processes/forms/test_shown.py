"""What a page has shown, and what becomes of answers when it shows something else by now."""

from typing import Any

import pytest

from processes.forms.shown import Shown, rebase

CHANGED = "changed_meanwhile"


def schema(**defaults: Any) -> dict[str, Any]:
    kinds = {str: "string", int: "integer", bool: "boolean", list: "array"}
    props = {name: {"type": kinds[type(value)], "default": value} for name, value in defaults.items()}
    for prop in props.values():
        if prop["type"] == "array":
            prop["items"] = {"type": "string"}
    return {"type": "object", "properties": props}


@pytest.mark.parametrize(
    ("before", "now", "typed", "kept", "said"),
    [
        ("a", "b", "a", None, "shows the present value"),
        ("a", "b", "mine", "mine", "it is now “b”"),
        ("a", "b", "b", "b", ""),
        ("a", "a", "mine", "mine", ""),
        (0, 1, 0, None, "shows the present value"),
        (1, 0, 5, 5, "it is now “0”"),
        (True, False, True, None, "shows the present value"),
        (["a"], ["b"], ["a"], None, "shows the present value"),
        (["a"], [], ["c"], ["c"], "it is now empty"),
        ("", "b", None, None, "shows the present value"),
    ],
)
def test_a_field_takes_what_there_is_unless_it_was_filled_in(
    before: Any, now: Any, typed: Any, kept: Any, said: str
) -> None:
    seen = Shown.read(Shown.of(schema(x=before), "1").text)
    assert seen is not None

    rebased = rebase(seen, schema(x=now), {"x": typed})

    assert rebased.answers.get("x") == kept
    assert [one["loc"] for one in rebased.changes] == ([["x"]] if said else [])
    assert all(said in one["msg"] for one in rebased.changes)


def test_a_field_within_a_group_is_told_at_its_place() -> None:
    def grouped(inner: str) -> dict[str, Any]:
        return {"type": "object", "properties": {"g": {**schema(x=inner), "title": "G"}}}

    rebased = rebase(Shown.of(grouped("a"), "1"), grouped("b"), {"g": {"x": "a", "y": 1}})

    assert rebased.answers == {"g": {"y": 1}}
    assert [one["loc"] for one in rebased.changes] == [["g", "x"]]


def test_what_is_not_shown_is_carried_anew_and_what_is_only_shown_is_told() -> None:
    def page(value: str) -> dict[str, Any]:
        hidden = {"type": "string", "format": "hidden", "default": value}
        label = {"type": "string", "format": "label", "default": value}
        return {"type": "object", "properties": {"seen": hidden, "label": label}}

    rebased = rebase(Shown.of(page("a"), "1"), page("b"), {"seen": "a"})

    assert rebased.answers == {}
    assert [(one["type"], one["loc"]) for one in rebased.changes] == [(CHANGED, ["label"])]


def test_a_field_that_is_gone_is_told() -> None:
    rebased = rebase(Shown.of(schema(x="a", y="a"), "1"), schema(x="a"), {"x": "a"})

    assert [(one["loc"], "no longer asked" in one["msg"]) for one in rebased.changes] == [(["y"], True)]
