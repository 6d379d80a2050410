"""What is wrong with a page is told in one round: half-typed values, fields, and the page as a whole."""

from collections.abc import Generator
from typing import Any

import pytest
from pydantic import model_validator
from pydantic_forms.core import FormPage

from processes.forms import FieldError, FormInvalid, walk
from processes.forms.judging import NoAnswer, besides, without_faults


class Period(FormPage):
    name: str
    first: int
    last: int
    note: str = "none"

    @model_validator(mode="after")
    def check_order(self) -> "Period":
        if self.last < self.first:
            raise ValueError("The last must not come before the first")
        return self

    @model_validator(mode="after")
    def check_note(self) -> "Period":
        if self.note == "no":
            raise AssertionError("A note says something")
        return self


def form() -> Generator[Any, Any, dict[str, Any]]:
    page = yield Period
    return dict(page.model_dump())


def told(answers: dict[str, Any]) -> list[tuple[list[str | int], str]]:
    with pytest.raises(FormInvalid) as invalid:
        walk(form, {}, [answers])
    return [(one["loc"], one["msg"]) for one in invalid.value.errors]


NAME = (["name"], "field required")
NO_INTEGER = (["first"], "Input should be a valid integer, unable to parse string as an integer")
ORDER = (["__root__"], "The last must not come before the first")


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({"first": 5, "last": 1}, [NAME, ORDER]),
        ({"first": "x", "last": 1}, [NAME, NO_INTEGER]),
        ({"first": "5", "last": 1}, [NAME, ORDER]),
        ({"first": 1, "last": 5, "note": "no"}, [NAME, (["__root__"], "A note says something")]),
        ({"first": 1, "last": 5}, [NAME]),
        ({"name": "n", "first": 5, "last": 1}, [ORDER]),
    ],
)  # fmt: skip
def test_rules_of_the_page_are_told_with_the_errors_of_its_fields(answers: dict[str, Any], errors: list[Any]) -> None:
    """Errors came in two rounds."""
    assert told(answers) == errors


def fault(*loc: str | int) -> FieldError:
    return FieldError(type="x", loc=list(loc), msg="x")


def test_a_fault_is_no_answer_and_speaks_alone_at_its_place() -> None:
    answers = {"a": [{"b": "2026-"}], "c": "x"}

    marked = without_faults(answers, [fault("a", 0, "b")])

    assert isinstance(marked["a"][0]["b"], NoAnswer)
    assert (marked["c"], answers["a"]) == ("x", [{"b": "2026-"}])
    assert besides([fault("a", 0, "b")], [fault("a", 0, "b", "int"), fault("c")]) == [fault("a", 0, "b"), fault("c")]
