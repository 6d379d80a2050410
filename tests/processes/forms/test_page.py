"""A page drawn from its schema: widgets, labels, errors at their fields, no text of an author run as markup."""

import re
from typing import Any

from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from pydantic_forms.core import page_schema

from processes.forms import FieldError, clean_post, page_fields, summary
from processes.forms.converting import Typed
from processes.forms.fields import Schema
from tests.processes.forms.pages import UNION, Everything

THING = "0f2b8a52-6a0b-4a7e-9c71-9d3c5f1f8a10"
SCHEMA = page_schema(Everything)


def draw(schema: Schema, data: dict[str, Any] | None = None, errors: list[FieldError] | None = None) -> str:
    return render_to_string("processes/form/_page.html", {"form": page_fields(schema, data, errors)})


def tag(html: str, name: str) -> str:
    found = re.search(rf'<(?:input|select|textarea)[^>]*\bname="{re.escape(name)}"[^>]*>', html)
    assert found is not None, name
    return found[0]


def test_page_draws_each_input_under_its_path() -> None:
    html = draw(SCHEMA, {"vlans": [1, 2], "contacts": [{"name": "Ann"}]})

    names = re.findall(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"', html)
    assert list(dict.fromkeys(names)) == [
        "secret",
        "node_name",
        "remark",
        "role",
        "size",
        "roles",
        "mtu",
        "price",
        "ratio",
        "is_lit",
        "maybe",
        "speed",
        "since",
        "at",
        "stamp",
        "stamp._before",
        "customer_id",
        "vlans.0",
        "vlans.1",
        "contacts.0.name",
        "contacts.0.on_call",
        "location.rack",
        "location.unit",
        "spare._given",
        "spare.rack",
        "spare.unit",
        "extra",
        "checks.1",
        "checks.2",
    ]


def test_page_fills_answers_and_defaults() -> None:
    html = draw(SCHEMA, {"node_name": 'a"b', "at": "2026-01-31T10:00:00+00:00", "stamp": 86400})

    assert 'value="a&quot;b"' in tag(html, "node_name")
    assert 'value="1500"' in tag(html, "mtu")
    assert 'type="text"' in tag(html, "mtu")
    assert "checked" in tag(html, "is_lit")
    assert 'type="datetime-local"' in tag(html, "at")
    assert 'value="2026-01-31T10:00"' in tag(html, "at")
    assert 'value="1970-01-02T00:00"' in tag(html, "stamp")


def test_page_runs_no_markup_of_authors() -> None:
    html = draw(SCHEMA)

    assert "<script>" not in html
    assert 'href="javascript' not in html
    assert "<b>label</b>" not in html
    assert "<strong>bold</strong>" in html
    assert "For programmers." not in html


def test_page_puts_errors_at_their_fields_and_on_top() -> None:
    html = draw(
        SCHEMA,
        {"vlans": ["x"]},
        [
            {"type": "missing", "loc": ["node_name"], "msg": "Field required"},
            {"type": "int", "loc": ["vlans", 0], "msg": "No number"},
            {"type": "value", "loc": ["location", "__root__"], "msg": "No such place"},
            {"type": "extra", "loc": ["elsewhere"], "msg": "Not permitted"},
            {"type": "root", "loc": ["__root__"], "msg": "Does not fit"},
            {"type": "enum", "loc": ["role", "deeper"], "msg": "No role"},
        ],
    )

    assert "6 problems on this page" in html
    on_top = " ".join(html.split())
    assert re.findall(r'<a class="alert-link" href="([^"]+)">([^<]+)</a>: ([^<]+) </li>', on_top) == [
        ("#id_node_name", "Node name", "Field required"),
        ("#id_vlans.0", "VLANs 1", "No number"),
        ("#part_location", "Location", "No such place"),
        ("#id_role_0", "Role", "No role"),
    ]
    assert "<li> elsewhere: Not permitted </li>" in on_top
    assert "<li> Does not fit </li>" in on_top
    assert 'aria-invalid="true"' in tag(html, "node_name")
    assert 'aria-describedby="id_node_name_helptext id_node_name_error"' in tag(html, "node_name")
    assert 'id="id_node_name_error"' in html


def test_no_field_limits_what_can_be_typed_or_pasted() -> None:
    """fault 13: a browser cuts what is pasted beyond such a limit, and says nothing."""
    assert "maxlength" not in draw(SCHEMA, {"contacts": [{"name": "Ann"}], "spare": {}})


def test_fields_of_moments_name_their_zone_and_keep_what_they_hold() -> None:
    """fault 11"""
    with timezone.override("Europe/Amsterdam"):
        html = draw(SCHEMA, {"at": "2026-10-25T02:30:15.123456+01:00", "stamp": 1793065500})

    assert html.count("Time zone: Europe/Amsterdam.") == 2
    assert 'value="2026-10-25T02:30:15.123"' in tag(html, "at")
    assert 'value="2026-10-25T02:30:15.123456+01:00"' in tag(html, "at._before")
    assert re.findall(r'<option value="([^"]+)" selected>UTC', html) == ["+01:00"]


def test_page_asks_which_moment_is_meant_where_the_text_says_two() -> None:
    """fault 11"""
    with timezone.override("Europe/Amsterdam"):
        html = draw(SCHEMA, {"at": Typed("2026-10-25T02:30")})

    assert re.findall(r'<option value="([^"]*)">(Choose…|UTC[^<]+)', html) == [
        ("", "Choose…"),
        ("+02:00", "UTC+02:00, the first time"),
        ("+01:00", "UTC+01:00, the second time"),
    ]


def test_json_is_shown_as_json_and_broken_json_as_typed() -> None:
    """fault 6: a text among JSON has quotes, so that it comes back as a text."""
    schema = {"properties": {name: {"title": name} for name in ("a", "b", "c", "d")}}

    form = page_fields(schema, {"a": "Test", "b": Typed('{"x'), "c": [], "d": 0})

    assert [form.fields[name].initial for name in "abcd"] == ['"Test"', '{"x', "[]", "0"]


def test_what_is_hidden_is_carried_whatever_it_is() -> None:
    """fault 23"""
    values: dict[str, Any] = {"a": [1, {"b": None}], "b": "x", "c": 5, "d": False, "e": None, "f": 'say "x"'}
    types = {"a": "array", "b": "string", "c": "integer", "d": "boolean", "f": "string"}
    schema = {
        "properties": {
            name: {"format": "hidden", "default": value} | ({"type": types[name]} if name in types else {})
            for name, value in values.items()
        }
    }

    form = page_fields(schema)
    sent = QueryDict(mutable=True)
    for name, one in form.fields.items():
        sent[name] = one.initial

    assert clean_post(schema, sent).answers == values


def test_page_asks_for_a_kind_and_then_for_its_fields() -> None:
    """fault 24"""
    html = draw(UNION, {"one": {"block": "Lamp", "watts": 0}, "some": [{"block": "Tag"}, None]})

    names = re.findall(r'<(?:input|select|textarea)[^>]*\bname="([^"]+)"', html)
    assert names == [
        "one.block", "one._shown", "one.watts", "one.word",
        "none.block", "none._shown",
        "some.0.block", "some.0._shown", "some.0.word",
        "some.1.block", "some.1._shown",
    ]  # fmt: skip
    assert 'value="0"' in tag(html, "one.watts")
    assert html.count('<option value="Lamp" selected>Lamp</option>') == 1


def test_errors_within_a_kind_stand_at_its_fields() -> None:
    """fault 24"""
    errors: list[FieldError] = [
        {"type": "int", "loc": ["one", "Lamp", "watts"], "msg": "No number"},
        {"type": "int", "loc": ["some", 0, "Tag", "word"], "msg": "No word"},
        {"type": "union_tag_not_found", "loc": ["none"], "msg": "No kind"},
    ]

    form = page_fields(UNION, {"one": {"block": "Lamp"}, "some": [{"block": "Tag"}]}, errors)

    assert [(one.label, one.message, one.anchor) for one in form.problems] == [
        ("Watts", "No number", "id_one.watts"),
        ("Word", "No word", "id_some.0.word"),
        ("None", "No kind", "id_none.block"),
    ]
    assert 'id="id_none.block_error"' in render_to_string("processes/form/_page.html", {"form": form})


def test_what_may_be_absent_can_be_given_as_it_stands_and_taken_away() -> None:
    """fault 5"""
    assert 'type="checkbox"' in tag(draw(SCHEMA), "spare._given")
    given = draw(SCHEMA, {"spare": {}})

    assert 'name="_remove" value="spare"' in given
    assert 'value="1"' in tag(given, "spare._given")
    assert tag(given, "spare.unit")


def test_page_offers_rows_within_the_bounds() -> None:
    schema = {"properties": {"a": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2}}}

    html = draw(schema)

    assert re.findall(r'name="([^"]+)"', html) == ["a.0", "a.1"]
    assert "Exactly 2 of them." in html


def test_page_offers_choices_of_the_site(settings: Any) -> None:
    settings.FORM_CHOICES = {"customerId": "tests.processes.forms.test_page.customers"}
    schema = {"properties": {"customer_id": {"type": "string", "format": "customerId"}}, "required": ["customer_id"]}

    html = draw(schema, {"customer_id": "2"})

    assert re.findall(r'value="(\d)"', html) == ["1", "2"]
    assert [(line.label, line.text) for line in summary(schema, {"customer_id": "2"})] == [("Customer", "Two")]


def test_page_searches_what_is_too_much_to_list() -> None:
    one = {"type": "string", "format": "subscriptionId", "search": {"tag": "NODE"}}
    schema = {"properties": {"node": one, "others": {"type": "array", "items": one, "minItems": 1, "maxItems": 1}}}

    html = draw(schema, {"node": "node a"})

    assert 'name="node" value="node a"' in html
    assert 'hx-get="/subscriptions/options/?field=node&amp;tag=NODE"' in html
    assert '<datalist id="id_node_options"></datalist>' in html
    assert 'hx-get="/subscriptions/options/?field=others.0&amp;tag=NODE"' in html


def test_page_links_a_subscription_that_it_shows(settings: Any) -> None:
    settings.PROCESS_PANELS = ["tests.processes.forms.test_page.panel"]
    schema = {"properties": {"a": {"type": "string", "format": "subscription", "readOnly": True, "default": THING}}}

    assert f'<a href="/things/{THING}">Thing {THING}</a>' in draw(schema)


def panel(kind: str, ids: list[str]) -> dict[str, dict[str, str]]:
    return {one: {"label": f"Thing {one}", "url": f"/things/{one}"} for one in ids}


def customers() -> list[tuple[str, str]]:
    return [("1", "One"), ("2", "Two")]


def test_summary_names_values_by_their_labels() -> None:
    lines = summary(
        SCHEMA,
        {
            "node_name": "core",
            "role": "e",
            "roles": ["c", "e"],
            "contacts": [{"name": "Ann", "on_call": True}],
            "location": {"unit": 3},
            "checks": "ACCEPTED",
            "at": "2026-01-31T10:00:00+00:00",
            "speed": 1,
        },
    )

    assert [(line.label, line.text) for line in lines] == [
        ("Node name", "core"),
        ("Remark", ""),
        ("Role", "Edge router"),
        ("Size", ""),
        ("Roles", "Core router, Edge router"),
        ("MTU", "1500"),
        ("Price", ""),
        ("Ratio", "0.5"),
        ("Is lit", "Yes"),
        ("Maybe", ""),
        ("Speed", "1"),
        ("Since", ""),
        ("At", "31 Jan 2026 10:00 UTC"),
        ("Stamp", "1 Jan 1970 00:00 UTC"),
        ("Customer", ""),
        ("VLANs", ""),
        ("Contacts / 1 / Name", "Ann"),
        ("Contacts / 1 / On call", "Yes"),
        ("Location / Rack", ""),
        ("Location / Unit", "3"),
        ("Spare", ""),
        ("Extra", "{}"),
        ("Fixed", "fixed value"),
        ("Checks", "Confirmed"),
    ]
