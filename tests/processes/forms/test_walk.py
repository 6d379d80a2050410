"""Walking a form: next page, result, refusals; never anything but a named error."""

from datetime import UTC, datetime
from enum import StrEnum
from ipaddress import IPv4Address
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from pydantic import BaseModel, Field
from pydantic_forms.core import FormPage
from pydantic_forms.validators import Choice

from processes.engine.values.errors import StartRefused, UnknownObject
from processes.forms import FormGenerator, FormIncomplete, FormInvalid, FormUnavailable, trace, walk

PRODUCT = "0d6a2f0a-4a4c-4bb3-8d0e-6a6a5b3f8a01"


class Colour(Choice):
    RED = ("r", "Red")
    BLUE = ("b", "Blue")


class NamePage(FormPage):
    """For programmers."""

    model_config = {"title": "Name"}

    name: str = Field(min_length=2)


def two_pages(product: UUID) -> Any:
    """The second page depends on the first."""
    first = yield NamePage

    class ColourPage(FormPage):
        model_config = {"title": f"Colour of {first.name}"}
        meta__ = {"hasNext": False}
        colour: Colour = Colour.RED

    second = yield ColourPage
    return {"product": product, "name": first.name, "colour": second.colour}


def incomplete(form: FormGenerator, *pages: dict[str, Any]) -> FormIncomplete:
    with pytest.raises(FormIncomplete) as caught:
        walk(form, {"product": PRODUCT}, pages)
    return caught.value


def invalid(form: FormGenerator | None, pages: Any) -> FormInvalid:
    with pytest.raises(FormInvalid) as caught:
        walk(form, {"product": PRODUCT}, pages)
    return caught.value


def test_walk_asks_for_the_first_page() -> None:
    page = incomplete(two_pages).page

    assert (page.index, page.schema["title"], page.has_next) == (0, "Name", None)
    assert "description" not in page.schema


def test_walk_builds_the_second_page_from_the_first_answers() -> None:
    page = incomplete(two_pages, {"name": "core"}).page

    assert (page.index, page.schema["title"], page.has_next) == (1, "Colour of core", False)
    assert page.schema["$defs"]["Colour"]["options"] == {"r": "Red", "b": "Blue"}


def test_walk_gives_the_result_as_plain_json() -> None:
    result = walk(two_pages, {"product": PRODUCT}, [{"name": "core"}, {"colour": "b"}])

    assert result == {"product": PRODUCT, "name": "core", "colour": "b"}
    assert type(result["colour"]) is str


def test_walk_makes_everything_an_author_returns_plain() -> None:
    class Kind(StrEnum):
        A = "a"

    class Nested(BaseModel):
        address: IPv4Address

    def form() -> Any:
        yield NamePage
        return {
            "at": datetime(2026, 1, 2, tzinfo=UTC),
            "kind": Kind.A,
            "nested": Nested(address=IPv4Address("10.0.0.1")),
            "bare": IPv4Address("10.0.0.2"),
            "ids": {UUID(PRODUCT)},
        }

    assert walk(form, {}, [{"name": "core"}]) == {
        "at": "2026-01-02T00:00:00+00:00",
        "kind": "a",
        "nested": {"address": "10.0.0.1"},
        "bare": "10.0.0.2",
        "ids": [PRODUCT],
    }


def test_walk_names_the_field_that_does_not_hold() -> None:
    error = invalid(two_pages, [{"name": "core"}, {"colour": "green", "size": 1}])

    assert error.page.index == 1
    assert [(item["type"], item["loc"]) for item in error.errors] == [
        ("enum", ["colour"]),
        ("extra_forbidden", ["size"]),
    ]
    assert [item["input"] for item in error.errors] == ["green", 1]
    assert error.errors[0]["ctx"].keys() == {"expected"}


def test_walk_refuses_more_answers_than_pages() -> None:
    error = invalid(two_pages, [{"name": "core"}, {"colour": "r"}, {}])

    assert [(error.page.index, item["type"], item["loc"]) for item in error.errors] == [
        (2, "too_many_pages", ["__root__"])
    ]


@pytest.mark.parametrize(
    ("pages", "kind", "loc"),
    [
        ("text", "list_type", ["__root__"]),
        ({"name": "core"}, "list_type", ["__root__"]),
        ([1], "dict_type", ["__root__"]),
        ([{"name": "a\x00b"}], "string_unicode", ["name"]),
        ([{"name": "a\ud800b"}], "string_unicode", ["name"]),
        ([{"name": {"deep": [10**30]}}], "int_too_large", ["name", "deep", 0]),
        ([{"name": float("nan")}], "finite_number", ["name"]),
        ([{"self": 1}], "extra_forbidden", ["self"]),
        ([{1: 1}], "invalid_key", ["__root__"]),
    ],
)
def test_walk_refuses_what_is_no_list_of_storable_objects(pages: Any, kind: str, loc: list[Any]) -> None:
    assert [(item["type"], item["loc"]) for item in invalid(two_pages, pages).errors] == [(kind, loc)]


def test_walk_refuses_bottomless_nesting() -> None:
    value: Any = 1
    for _ in range(100):
        value = [value]

    assert invalid(two_pages, [{"name": value}]).errors[0]["type"] == "too_deep"


@pytest.mark.parametrize("pages", [[], [{}]])
def test_walk_without_a_form_gives_nothing(pages: list[dict[str, Any]]) -> None:
    assert walk(None, {}, pages) == {}


@pytest.mark.parametrize(("pages", "kind"), [([{"a": 1}], "extra_forbidden"), ([{}, {}], "too_many_pages")])
def test_walk_without_a_form_refuses_answers(pages: list[dict[str, Any]], kind: str) -> None:
    assert invalid(None, pages).errors[0]["type"] == kind


def test_walk_takes_a_function_that_returns_one_page() -> None:
    def form() -> type[FormPage]:
        return NamePage

    assert walk(form, {}, [{"name": "core"}]) == {"name": "core"}


def test_walk_hands_the_whole_state_to_a_parameter_of_that_name() -> None:
    def form(state: dict[str, Any], missing: int = 3) -> Any:
        yield NamePage
        return {"state": state, "missing": missing}

    assert walk(form, {"a": 1}, [{"name": "core"}]) == {"state": {"a": 1}, "missing": 3}


def test_walk_names_a_form_that_cannot_be_made() -> None:
    def form(state: dict[str, Any]) -> Any:
        raise ConnectionError("inventory does not answer")
        yield

    with pytest.raises(FormUnavailable) as caught:
        walk(form, {}, [])

    assert caught.value.reason == "ConnectionError: inventory does not answer"


def test_walk_names_a_value_that_the_state_lacks() -> None:
    with pytest.raises(FormUnavailable, match='requires "product"'):
        walk(two_pages, {}, [])


@pytest.mark.parametrize(
    "error", [StartRefused("The subscription is terminated."), UnknownObject("There is no product 4711.")]
)
def test_walk_lets_what_a_form_says_of_its_subject_pass(error: Exception) -> None:
    def form() -> Any:
        raise error
        yield

    with pytest.raises(type(error)) as raised:
        walk(form, {}, [])

    assert raised.value is error


@pytest.mark.django_db(transaction=True)
def test_walk_refuses_to_run_inside_a_transaction() -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        walk(two_pages, {"product": PRODUCT}, [])


def test_trace_lists_the_pages_passed_and_the_one_due() -> None:
    titles = [
        [page.schema["title"] for page in trace(two_pages, {"product": PRODUCT}, pages)]
        for pages in ([], [{"name": "core"}], [{"name": "core"}, {"colour": "b"}], [{"name": "c"}])
    ]

    assert titles == [["Name"], ["Name", "Colour of core"], ["Name", "Colour of core"], ["Name"]]
