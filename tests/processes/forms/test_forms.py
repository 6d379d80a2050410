"""Whatever is posted, a page is cleaned, judged and drawn again without an error of ours."""

from contextlib import suppress
from typing import Any

import orjson
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_forms.core import page_schema

from processes.forms import FormInvalid, clean_post, edit_post, page_fields, walk
from tests.processes.forms.pages import Everything

SCHEMA = page_schema(Everything)
NAMES = [
    "node_name", "remark", "role", "size", "roles", "mtu", "price", "ratio", "is_lit", "maybe", "speed", "since", "at",
    "stamp", "customer_id", "vlans.0", "vlans.7", "vlans", "contacts.0.name", "contacts.1.on_call", "contacts.0",
    "location.unit", "location", "spare.rack", "extra", "checks.1", "checks", "secret", "fixed", "other", "_add",
    "_remove", "self",
]  # fmt: skip
VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "1",
            "-1",
            "1e400",
            "9" * 30,
            "vlans",
            "vlans.0",
            "contacts.1",
            "2026-01-31T10:00",
            "0001-01-01",
            "9999-12-31T23:59",
        ]
    ),
    st.sampled_from(['{"a": [1e999]}', '"\\u0000"', "[" * 60 + "]" * 60, "nan", "Infinity", "true", "null"]),
)


def asked() -> Any:
    yield Everything
    return {}


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), st.lists(VALUES, min_size=1, max_size=2), max_size=12))
def test_any_post_is_answered(values: dict[str, list[str]]) -> None:
    post = QueryDict(mutable=True)
    for name, given_values in values.items():
        post.setlist(name, given_values)

    answers, errors = clean_post(SCHEMA, post).answers, []
    with suppress(FormInvalid):
        try:
            orjson.dumps(walk(asked, {}, [answers]))
        except FormInvalid as invalid:
            errors = invalid.errors
            raise

    assert render_to_string("processes/form/_page.html", {"form": page_fields(SCHEMA, answers, errors)})
    assert render_to_string("processes/form/_page.html", {"form": page_fields(SCHEMA, edit_post(SCHEMA, post))})
