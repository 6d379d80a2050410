"""Walking through the pages of a form: forth, back, away, and twice."""

import re
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from processes.models import FormDraft, Process
from tests.answers import NO_SUCH_PAGE, error_page
from tests.processes.views.conftest import begin, go, led_to, text

pytestmark = pytest.mark.django_db


def test_start_adds_rows_without_javascript(visitor: Client) -> None:
    url = begin(visitor, "create_thing", "?product=node")

    shown = go(visitor, url, name="x", _add="sizes", **{"sizes.0": "12"}).content.decode()

    assert re.findall(r'name="(sizes\.\d)"', shown) == ["sizes.0", "sizes.1"]
    assert "problem" not in shown


def test_back_keeps_what_was_typed_and_what_comes_later(visitor: Client) -> None:
    first = begin(visitor, "create_thing", "?product=node")
    second = go(visitor, first, name="one").url
    go(visitor, second, colour="b")

    back = go(visitor, second, colour="r", _back="1").url
    assert 'value="one"' in visitor.get(back).content.decode()
    forward = go(visitor, back, name="two").url

    shown = visitor.get(forward).content.decode()
    assert "Colour of two" in shown
    assert re.search(r'value="r"[^>]*(?:selected|checked)', shown)


def test_back_forgets_what_cannot_be_stored(visitor: Client) -> None:
    first = begin(visitor, "create_thing", "?product=node")
    second = go(visitor, first, name="one", **{"sizes.0": "9" * 40}, _back="1")

    assert (second.status_code, FormDraft.objects.count()) == (302, 0)


def test_last_page_of_the_author_starts_at_once(visitor: Client) -> None:
    first = begin(visitor, "confirm_thing")
    second = go(visitor, first, name="one").url
    assert "Before" in text(visitor.get(second))

    started = go(visitor, second)

    assert started.url == f"/processes/{Process.objects.get().pk}/"


def test_form_posted_twice_makes_one_process(visitor: Client) -> None:
    check = led_to(visitor, begin(visitor, "sweep"))

    answers = [go(visitor, check).url for _ in range(2)]

    process = Process.objects.get()
    assert answers == [f"/processes/{process.pk}/"] * 2
    assert led_to(visitor, check) == f"/processes/{process.pk}/"


def test_cancel_forgets_the_answers(visitor: Client) -> None:
    first = begin(visitor, "create_thing")
    go(visitor, first, product="node")
    assert FormDraft.objects.count() == 1

    left = go(visitor, first.rsplit("/", 2)[0] + "/cancel/")

    assert (left.url, FormDraft.objects.count()) == ("/processes/", 0)


def test_draft_of_somebody_else_is_not_found(visitor: Client, admin_user: User) -> None:
    first = begin(visitor, "create_thing")
    go(visitor, first, product="node")

    visitor.force_login(admin_user)

    assert error_page(visitor.get(first)) == NO_SUCH_PAGE


def test_page_ahead_leads_back_to_the_first_open_one(visitor: Client) -> None:
    draft = uuid4()

    assert led_to(visitor, f"/workflows/create_thing/start/{draft}/7/") == f"/workflows/create_thing/start/{draft}/0/"
    assert led_to(visitor, f"/workflows/create_thing/start/{draft}/check/").endswith("/0/")
