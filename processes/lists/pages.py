"""A list as a page of its table, or as a file of everything that it has been narrowed to."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import django_filters
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from processes.lists.exports import FORMATS, asked_format, csv_parameters, export_response
from processes.lists.tables import ListTable

NO_CHOICES: Mapping[str, Collection[str]] = {}


@dataclass(frozen=True)
class Tab:
    """A view of a list."""

    label: str
    url: str
    active: bool
    count: int | None = None


def list_page(
    request: HttpRequest,
    filters: django_filters.FilterSet,
    make_table: Callable[[QuerySet[Any]], ListTable],
    *,
    template: str,
    name: str,
    context: Mapping[str, Any],
    choices: Mapping[str, Collection[str]] = NO_CHOICES,
) -> HttpResponseBase:
    """The page, with `table`, `filter` and `csv_url` beside what the context says; or the file, called `name`.

    `choices` are the values that further parameters of the address may have. An invalid filter, or another value, shows
    no rows and its message. Where a file was asked, that page is 400: an empty file would say that there is nothing,
    and one of other rows that these are what was asked for.
    """
    is_valid = (filters.is_valid() or not filters.is_bound) and _all_known(request, filters, choices)
    table = make_table(filters.qs if is_valid else filters.queryset.none())
    table.sort(request)
    wanted, is_file = asked_format(request), bool(request.GET.get("format"))
    mistakes = list(_mistakes(request, {"format": FORMATS, "sort": _columns(table)})) if is_file else []
    if wanted and is_valid and not mistakes:
        return export_response(table, wanted, name)
    for mistake in mistakes:
        messages.error(request, mistake)
    table.show(request)
    shown = {"table": table, "filter": filters, "csv_url": f"{request.path}?{csv_parameters(request)}", **context}
    return render(request, template, shown, status=400 if is_file else 200)


def _columns(table: ListTable) -> list[str]:
    return [column.name for column in table.columns]


def _all_known(request: HttpRequest, filters: django_filters.FilterSet, choices: Mapping[str, Collection[str]]) -> bool:
    """Whether each of these parameters is one of its choices, or empty; the form is told where it is not."""
    mistakes = list(_mistakes(request, choices))
    for mistake in mistakes:
        filters.form.add_error(None, mistake)
    return not mistakes


def _mistakes(request: HttpRequest, known: Mapping[str, Collection[str]]) -> Iterator[str]:
    """What of the address means nothing, so that the list would not be what was asked for."""
    for name, values in request.GET.lists():
        for value in values:
            if name in known and value and value.removeprefix("-" if name == "sort" else "") not in known[name]:
                yield f"There is no {name.replace('_', ' ')} “{value}” here; known: {', '.join(known[name])}."
