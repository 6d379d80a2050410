"""Raw posts become the JSON that a REST client would send, and what cannot be converted stays for the page to name."""

from typing import Any

import pytest
from django.http import QueryDict
from pydantic_forms.core import page_schema

from processes.forms import FormInvalid, clean_post, edit_post, walk
from processes.forms.fields import Kind, inputs
from tests.processes.forms.pages import Everything

SCHEMA = page_schema(Everything)
FILLED = {
    "node_name": " core1 ",
    "remark": "a\r\nb ",
    "role": "e",
    "size": "",
    "roles": ["c", "e"],
    "mtu": "9000",
    "price": "1.10",
    "ratio": "0.25",
    "maybe": "False",
    "speed": "1",
    "since": "2026-01-31",
    "at": "2026-01-31T10:00",
    "stamp": "1970-01-02T00:00",
    "customer_id": "",
    "vlans.0": "5",
    "vlans.1": "",
    "vlans.7": "7",
    "contacts.0.name": "Ann",
    "contacts.0.on_call": "on",
    "contacts.1.name": "",
    "location.rack": "",
    "location.unit": "12",
    "spare.rack": "",
    "spare.unit": "",
    "extra": '{"a": 1}',
    "secret": "changed",
    "fixed": "changed",
    "checks.1": "on",
}
CLEANED = {
    "secret": "changed",
    "node_name": "core1",
    "remark": "a\nb ",
    "role": "e",
    "size": None,
    "roles": ["c", "e"],
    "mtu": 9000,
    "price": "1.10",
    "ratio": 0.25,
    "is_lit": False,
    "maybe": False,
    "speed": 1,
    "since": "2026-01-31",
    "at": "2026-01-31T10:00:00+00:00",
    "stamp": 86400,
    "customer_id": None,
    "vlans": [5, 7],
    "contacts": [{"name": "Ann", "on_call": True}],
    "location": {"rack": None, "unit": 12},
    "spare": None,
    "extra": {"a": 1},
    "checks": "ACCEPTED",
}


def post(values: dict[str, Any]) -> QueryDict:
    made = QueryDict(mutable=True)
    for name, value in values.items():
        made.setlist(name, value if isinstance(value, list) else [value])
    return made


def test_inputs_know_each_kind() -> None:
    kinds = {one.name: one.kind.value for one in inputs(SCHEMA)}

    assert kinds == {
        "heading": "label",
        "line": "divider",
        "notice": "callout",
        "text": "markdown",
        "table": "summary",
        "secret": "hidden",
        "node_name": "text",
        "remark": "long",
        "role": "choice",
        "size": "choice",
        "roles": "multiple",
        "mtu": "integer",
        "price": "number",
        "ratio": "number",
        "is_lit": "checkbox",
        "maybe": "choice",
        "speed": "choice",
        "since": "date",
        "at": "datetime",
        "stamp": "timestamp",
        "customer_id": "text",
        "vlans": "list",
        "contacts": "list",
        "location": "group",
        "spare": "group",
        "extra": "json",
        "fixed": "read_only",
        "checks": "accept",
    }


def test_clean_converts_every_kind() -> None:
    assert clean_post(SCHEMA, post(FILLED)) == CLEANED


def test_clean_answers_pass_the_page() -> None:
    def form() -> Any:
        yield Everything

    with pytest.raises(FormInvalid) as caught:
        walk(form, {}, [clean_post(SCHEMA, post({**FILLED, "role": "x", "mtu": "many", "location.unit": "99"}))])

    assert [(error["loc"], error["type"]) for error in caught.value.errors] == [
        (["role"], "enum"),
        (["mtu"], "int_parsing"),
        (["location", "unit"], "less_than_equal"),
    ]


def test_clean_leaves_out_what_is_empty_and_required() -> None:
    assert clean_post(SCHEMA, post({"node_name": "", "mtu": ""})) == {
        "is_lit": False,
        "roles": [],
        "vlans": [],
        "contacts": [],
        "location": {},
        "spare": None,
        "checks": "INCOMPLETE",
    }


def test_clean_keeps_a_text_that_was_cleared_on_purpose() -> None:
    schema = {"properties": {"note": {"type": "string", "default": "hello"}, "mail": {"type": "string", "default": ""}}}

    assert clean_post(schema, post({"note": "", "mail": ""})) == {"note": ""}


def test_clean_survives_huge_row_numbers() -> None:
    assert clean_post(SCHEMA, post({"vlans.99999999999": "1", "vlans.9999": "2"}))["vlans"] == [2]


@pytest.mark.parametrize(
    ("button", "vlans"),
    [
        ({"_add": "vlans"}, [5, None, None]),
        ({"_remove": "vlans.0"}, [None]),
        ({"_remove": "vlans.9"}, [5, None]),
        ({"_remove": "nothing"}, [5, None]),
        ({"_add": "node_name.x"}, [5, None]),
    ],
)
def test_edit_adds_and_takes_away_rows(button: dict[str, str], vlans: list[Any]) -> None:
    assert edit_post(SCHEMA, post({"vlans.0": "5", "vlans.1": "", **button}))["vlans"] == vlans


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"properties": {"a": {}}},
        {"properties": {"a": {"type": ["string", "null"]}}},
        {"properties": {"a": {"oneOf": [{"const": 1, "title": "One"}, {"const": 2}]}}},
        {"properties": {"a": {"$ref": "#/$defs/A"}}},
        {"properties": {"a": {"anyOf": [{"type": "object"}, {"type": "array"}]}}},
        {"properties": {"a": {"type": "array"}}},
        {"properties": {"a": {"type": "array", "items": {"$ref": "#/$defs/A"}}}},
    ],
)
def test_clean_takes_any_schema(schema: dict[str, Any]) -> None:
    assert set(clean_post(schema, post({"a": "1"}))) <= {"a"}


def test_alternatives_with_titles_are_choices() -> None:
    schema = {"properties": {"a": {"oneOf": [{"const": 1, "title": "One"}, {"const": 2}]}}}

    (one,) = inputs(schema)

    assert (one.kind, [(choice.value, choice.label) for choice in one.choices]) == (Kind.CHOICE, [(1, "One"), (2, "2")])
