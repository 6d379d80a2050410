"""Components as a page gets them: dialogs, marks, moments, differences."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone

from orchestrator_site.templatetags import look
from processes.plugins.panels import FieldChange


def test_a_dialog_posts_with_a_token_and_a_refused_one_tells_why() -> None:
    request = RequestFactory().get("/")
    asks = {"id": "abort", "url": "/abort/", "label": "Abort", "question": "Abort it?", "reason_name": "reason"}

    html = render_to_string("components/confirm.html", asks, request=request)
    refused = render_to_string("components/confirm.html", {**asks, "disabled": "Not yours."}, request=request)

    assert 'popovertarget="abort"' in html
    assert "csrfmiddlewaretoken" in html
    assert "<form" not in refused
    assert "Not yours." in refused


def template(source: str, **context: Any) -> str:
    return engines["django"].from_string("{% load look %}" + source).render(context)


def test_marks_say_it_in_words() -> None:
    assert "Needs input" in template("{% status 'suspended' %}")
    assert "Out of sync" in template("{% insync False %}")
    assert template("{% status_tone 'failed' %} {% status_text 'failed' %}") == "bad Failed"


def test_moments_carry_the_exact_time() -> None:
    html = template("{% ago at %}", at=datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC))

    assert html == (
        '<time datetime="2020-01-02T03:04:05+00:00" title="Thursday 2 January 2020 03:04:05 UTC">2 Jan 2020</time>'
    )
    assert "none" in template("{% ago at %}{% moment at %}{% duration at %}", at=None)
    assert template("{{ length|spelled }}", length=timedelta(minutes=3)) == "3 min"


def test_what_goes_on_is_counted_on_by_the_page() -> None:
    now = timezone.now()

    lasting = template("{% duration at %}", at=now - timedelta(minutes=3))
    ended = template("{% duration at end %}", at=now - timedelta(minutes=3), end=now)
    recent = template("{% ago at %}", at=now + timedelta(minutes=2))

    assert re.fullmatch(r'<span class="text-nowrap" data-lasts="180\.\d">3 min</span>', lasting)
    assert ended == '<span class="text-nowrap">3 min</span>'
    assert re.search(r' data-ago="-1(20\.0|19\.\d)">in 2 minutes</time>', recent)


def test_a_copyable_id_is_whole_text_too() -> None:
    html = look.copyable("0f3a-<b>", short=True)

    assert '<code title="0f3a-&lt;b&gt;">0f3a</code>' in html
    assert 'data-copy="0f3a-&lt;b&gt;"' in html


def test_a_difference_shows_both_sides() -> None:
    html = render_to_string("components/delta.html", {"changes": [FieldChange("a", "changed", "<1>", "<2>")]})

    assert "<del>&lt;1&gt;</del>" in html
    assert "<ins>&lt;2&gt;</ins>" in html


def test_an_address_that_is_not_there_is_nothing() -> None:
    assert template("[{% url_if 'no:such' 1 %}][{% url_if 'home' %}]") == "[][/]"
