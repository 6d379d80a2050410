"""Tables and filter bars as a page gets them."""

from typing import Any

import django_tables2
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import Context
from django.template.loader import render_to_string
from django.test import RequestFactory

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
