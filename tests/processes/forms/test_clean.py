"""Raw posts become the JSON that a REST client would send, and what cannot be converted stays for the page to name."""

from typing import Any

import pytest
from django.http import QueryDict
from pydantic_forms.core import page_schema

from processes.forms import FormInvalid, clean_post, edit_post, walk
from processes.forms.fields import Kind
from processes.forms.reading import inputs
from tests.processes.forms.pages import UNION, Everything

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
    assert clean_post(SCHEMA, post(FILLED)).answers == CLEANED


def test_clean_answers_pass_the_page() -> None:
    def form() -> Any:
        yield Everything

    with pytest.raises(FormInvalid) as caught:
        walk(
            form, {}, [clean_post(SCHEMA, post({**FILLED, "role": "x", "mtu": "many", "location.unit": "99"})).answers]
        )

    assert [(error["loc"], error["type"]) for error in caught.value.errors] == [
        (["role"], "enum"),
        (["mtu"], "int_parsing"),
        (["location", "unit"], "less_than_equal"),
    ]


def test_clean_leaves_out_what_is_empty_and_required() -> None:
    assert clean_post(SCHEMA, post({"node_name": "", "speed": ""})).answers == {
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

    assert clean_post(schema, post({"note": "", "mail": ""})).answers == {"note": ""}


def test_clean_survives_huge_row_numbers() -> None:
    answers = clean_post(SCHEMA, post({"vlans.99999999999": "1", "vlans.9999": "2"})).answers

    assert answers["vlans"] == [2]


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
    assert set(clean_post(schema, post({"a": "1"})).answers) <= {"a"}


def test_alternatives_with_titles_are_choices() -> None:
    schema = {"properties": {"a": {"oneOf": [{"const": 1, "title": "One"}, {"const": 2}]}}}

    (one,) = inputs(schema)

    assert (one.kind, [(choice.value, choice.label) for choice in one.choices]) == (Kind.CHOICE, [(1, "One"), (2, "2")])


LISTS = {
    "properties": {
        "numbers": {"type": "array", "items": {"type": "integer"}},
        "flags": {"type": "array", "items": {"type": "boolean"}},
        "jsons": {"type": "array", "items": {}},
        "groups": {
            "type": "array",
            "items": {"type": "object", "properties": {"n": {"anyOf": [{"type": "integer"}, {"type": "null"}]}}},
        },
        "maybe": {"anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "null"}], "default": None},
        "group": {
            "anyOf": [{"type": "object", "properties": {"flag": {"type": "boolean"}}}, {"type": "null"}],
            "default": None,
        },
    }
}


@pytest.mark.parametrize(
    ("typed", "name", "value"),
    [
        ({"numbers.0": "0", "numbers.1": "1", "numbers.2": "2"}, "numbers", [0, 1, 2]),
        ({"numbers.0": "", "numbers.1": "0"}, "numbers", [0]),
        ({"flags.0": "False", "flags.1": "True", "flags.2": ""}, "flags", [False, True]),
        ({"jsons.0": "[]", "jsons.1": "0", "jsons.2": "null", "jsons.4": " "}, "jsons", [[], 0, None]),
        ({"groups.0.n": "0", "groups.1.n": ""}, "groups", [{"n": 0}]),
        ({}, "maybe", None),
        ({"maybe.0": "0"}, "maybe", [0]),
        ({}, "group", None),
        ({"group._given": "1"}, "group", {"flag": False}),
        ({"group.flag": "on"}, "group", {"flag": True}),
    ],
)  # fmt: skip
def test_a_zero_and_a_no_are_something(typed: dict[str, str], name: str, value: Any) -> None:
    """fault 5"""
    assert clean_post(LISTS, post(typed)).answers[name] == value


def test_more_rows_than_a_form_takes_are_told_and_kept() -> None:
    """fault 27"""
    cleaned = clean_post(LISTS, post({f"numbers.{number}": "7" for number in range(600)}))

    said = "600 rows were sent; a form takes 500 at most. Nothing was saved."
    assert [(fault["loc"], fault["msg"]) for fault in cleaned.faults] == [(["numbers"], said)]
    assert len(cleaned.answers["numbers"]) == 600


def test_a_fault_in_a_row_stands_where_the_row_is_shown() -> None:
    cleaned = clean_post(LISTS, post({"jsons.3": "", "jsons.5": "1", "jsons.8": "{"}))

    assert [fault["loc"] for fault in cleaned.faults] == [["jsons", 1]]
    assert cleaned.answers["jsons"] == [1, "{"]


def test_ends_of_lines_count_once_and_texts_keep_their_blanks() -> None:
    """fault 13"""
    schema = {
        "properties": {
            "long": {"type": "string", "format": "long"},
            "secret": {"type": "string", "format": "password"},
            "name": {"type": "string", "default": " as it was "},
        }
    }

    answers = clean_post(schema, post({"long": "\r\na\r\n\r\nb ", "secret": " x ", "name": " as it was "})).answers

    assert answers == {"long": "\na\n\nb ", "secret": " x ", "name": " as it was "}


def test_kind_of_a_union_is_chosen_and_its_fields_are_read() -> None:
    """fault 24"""
    sent = {"one.block": "Lamp", "one._shown": "Lamp", "one.watts": "0", "some.0.block": "Tag", "some.2.block": ""}

    cleaned = clean_post(UNION, post(sent))

    assert cleaned.answers == {
        "one": {"block": "Lamp", "watts": 0},
        "none": None,
        "some": [{"block": "Tag"}],
    }
    assert not cleaned.is_edit


def test_another_kind_shows_the_page_anew() -> None:
    """fault 24"""
    cleaned = clean_post(UNION, post({"one.block": "Tag", "one._shown": "Lamp", "one.watts": "0"}))

    assert (cleaned.is_edit, cleaned.answers["one"]) == (True, {"block": "Tag"})


@pytest.mark.parametrize(("button", "spare"), [({"_remove": "spare"}, None), ({}, {"rack": None, "unit": 3})])
def test_edit_takes_away_what_may_be_absent(button: dict[str, str], spare: Any) -> None:
    """fault 5"""
    assert (
        edit_post(SCHEMA, post({"spare._given": "1", "spare.rack": "", "spare.unit": "3", **button}))["spare"] == spare
    )


DEFAULTS = {
    "properties": {
        "group": {
            "anyOf": [
                {
                    "type": "object",
                    "properties": {
                        "flag": {"type": "boolean", "default": True},
                        "number": {"type": "integer", "default": 5},
                        "at": {"type": "string", "format": "date-time", "default": "2026-01-01T00:00:00Z"},
                    },
                },
                {"type": "null"},
            ],
            "default": None,
        }
    }
}
AS_SHOWN = {
    "group.flag": "on",
    "group.number": "5",
    "group.at": "2026-01-01T00:00",
    "group.at._before": "2026-01-01T00:00:00Z",
}


@pytest.mark.parametrize(
    ("typed", "group"),
    [
        (AS_SHOWN, None),
        ({**AS_SHOWN, "group._given": "on"}, {"flag": True, "number": 5, "at": "2026-01-01T00:00:00Z"}),
        ({**AS_SHOWN, "group.number": "0"}, {"flag": True, "number": 0, "at": "2026-01-01T00:00:00Z"}),
        (
            {name: text for name, text in AS_SHOWN.items() if name != "group.flag"},
            {"flag": False, "number": 5, "at": "2026-01-01T00:00:00Z"},
        ),
    ],
)
def test_an_optional_group_is_there_when_something_in_it_was_touched(typed: dict[str, str], group: Any) -> None:
    """fault 5: what it is filled with says nothing of whether it is wanted."""
    assert clean_post(DEFAULTS, post(typed)).answers["group"] == group
