"""Components as a page gets them: tables, filters, dialogs, marks, menu by role, and the pages of faults."""

from datetime import UTC, datetime, timedelta
from typing import Any

import django_tables2
import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser, User
from django.template import Context, engines
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from orchestrator_site.pages.frame import Shell
from orchestrator_site.templatetags import look
from orchestrator_site.templatetags.look_tables import filter_facts, table_facts


class Rows(django_tables2.Table):
    """A table of two columns."""

    caption = "Things"
    csv_url = "/things.csv"
    name = django_tables2.Column()
    size = django_tables2.Column()


def rendered(table: django_tables2.Table, query: str = "", paginate: Any = False) -> str:
    request = RequestFactory().get(f"/things/?{query}")
    request.user = AnonymousUser()
    django_tables2.RequestConfig(request, paginate=paginate).configure(table)
    return str(table.as_html(request))


ROWS = [{"name": f"thing {number}", "size": number} for number in range(30)]


def test_a_table_tells_how_it_is_sorted() -> None:
    html = rendered(Rows(ROWS), "sort=-size")

    assert html.count("aria-sort") == 1
    assert 'aria-sort="descending"' in html
    assert 'href="?sort=size"' in html
    assert 'data-label="Size"' in html


def test_a_table_is_paged_and_keeps_the_sorting() -> None:
    table = Rows(ROWS)

    html = rendered(table, "sort=name&page=2", {"per_page": 10})

    assert table_facts(table).summary == "11-20 of 30"
    assert 'aria-current="page"' in html
    assert 'rel="next"' in html
    assert 'href="?sort=name&amp;page=3"' in html
    assert '<option value="?sort=name&amp;per_page=25" >25</option>' in " ".join(html.split())
    assert 'href="/things.csv"' in html


def test_an_uncounted_table_does_not_count() -> None:
    table = Rows(ROWS)

    rendered(table, "", {"per_page": 10, "paginator_class": django_tables2.LazyPaginator})

    assert table_facts(table).summary == "1-10"


def test_an_empty_table_says_so() -> None:
    html = rendered(Rows([], empty_text="No things yet."))

    assert "No things yet." in html
    assert "<table" not in html


def test_cells_are_escaped() -> None:
    assert "&lt;b&gt;" in rendered(Rows([{"name": "<b>", "size": 1}]))


class Filters(forms.Form):
    search = forms.CharField(required=False)
    mine = forms.BooleanField(required=False)


def test_filters_keep_sorting_and_view_but_not_the_page() -> None:
    request = RequestFactory().get("/things/?search=a&sort=-name&view=all&page=3&evil=1")

    facts = filter_facts(Context({"request": request}), None, Filters(request.GET))

    assert facts.kept == [("sort", "-name"), ("view", "all")]
    assert (facts.is_set, facts.clear_url) == (True, "/things/?sort=-name&view=all")


def test_the_filter_bar_works_without_javascript() -> None:
    request = RequestFactory().get("/things/?search=%3Cb%3E")

    html = render_to_string("components/filter_bar.html", {"form": Filters(request.GET)}, request=request)

    assert '<form class="filters" method="get"' in html
    assert 'value="&lt;b&gt;" class="form-control"' in html
    assert '<button type="submit" class="btn no-js-only">' in html


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


def test_a_copyable_id_is_whole_text_too() -> None:
    html = look.copyable("0f3a-<b>", short=True)

    assert '<code title="0f3a-&lt;b&gt;">0f3a</code>' in html
    assert 'data-copy="0f3a-&lt;b&gt;"' in html


def test_a_difference_shows_both_sides() -> None:
    html = template("{% delta before after %}", before={"a": "<1>"}, after={"a": "<2>"})

    assert "<del>&lt;1&gt;</del>" in html
    assert "<ins>&lt;2&gt;</ins>" in html


def test_an_address_that_is_not_there_is_nothing() -> None:
    assert template("[{% url_if 'no:such' 1 %}][{% url_if 'home' %}]") == "[][/]"


def shell_of(user: User | AnonymousUser, path: str = "/") -> Shell:
    request = RequestFactory().get(path)
    request.user = user
    return Shell(request)


@pytest.mark.django_db
def test_the_menu_leaves_out_what_one_may_not(operator: User, modeller: User, stranger: User) -> None:
    def labels(user: User | AnonymousUser) -> list[str]:
        return [item.label for item in shell_of(user).items]

    assert "Admin" in labels(modeller)
    assert "Admin" not in labels(operator)
    assert labels(stranger) == []
    assert labels(AnonymousUser()) == []
    assert (bool(shell_of(operator).new_url), bool(shell_of(modeller).new_url)) == (True, False)


@pytest.mark.django_db
def test_the_menu_knows_where_one_is(operator: User) -> None:
    assert [item.label for item in shell_of(operator, "/").items if item.active] == ["Start"]


@pytest.mark.django_db
def test_a_missing_page_is_answered_in_the_site_s_look(client: Client, operator: User) -> None:
    client.force_login(operator)

    response = client.get("/no/such/page/")

    assert response.status_code == 404
    assert "This page does not exist." in response.content.decode()


def test_the_page_of_a_fault_stands_alone() -> None:
    html = render_to_string("500.html")

    assert "Internal server error." in html
    assert "csrf" not in html
