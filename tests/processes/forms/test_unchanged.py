"""What a form was filled with, and somebody else has changed: told once, with what it is now."""

from collections.abc import Generator
from typing import Any

import pytest
from pydantic_forms.core import FormPage

from processes.forms import FormInvalid, page_fields, unchanged, walk


def form(present: Any) -> Any:
    def pages() -> Generator[Any, Any, dict[str, Any]]:
        class Page(FormPage):
            text: str
            seen: unchanged(present, name="text") = present  # type: ignore[valid-type]

        page = yield Page
        return {"text": page.text}

    return pages


@pytest.mark.parametrize("seen", ["old", None, [1]])
def test_another_value_is_told_and_carried_the_next_time(seen: Any) -> None:
    """fault 16"""
    with pytest.raises(FormInvalid) as invalid:
        walk(form("new"), {}, [{"text": "mine", "seen": seen}])

    shown = page_fields(invalid.value.page.schema, {"text": "mine", "seen": seen}, invalid.value.errors)
    assert [(one.label, one.anchor) for one in shown.problems] == [("", "")]
    assert "it is now “new”" in shown.problems[0].message
    assert (shown.fields["text"].initial, shown.fields["seen"].initial) == ("mine", '"new"')


@pytest.mark.parametrize("answers", [{"text": "mine"}, {"text": "mine", "seen": "new"}])
def test_the_present_value_and_none_at_all_pass(answers: dict[str, Any]) -> None:
    assert walk(form("new"), {}, [answers]) == {"text": "mine"}
