"""A list as a page of its table, or as a file of everything that it has been narrowed to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from processes.lists.exports import asked_format, csv_parameters, export_response
from processes.lists.tables import ListTable


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
) -> HttpResponseBase:
    """The page, with `table`, `filter` and `csv_url` beside what the context says; or the file, called `name`.

    An invalid filter shows no rows and its message. Where a file was asked, that page is 400: an empty file
    would say that there is nothing.
    """
    is_valid = filters.is_valid() or not filters.is_bound
    table = make_table(filters.qs if is_valid else filters.queryset.none())
    table.sort(request)
    wanted = asked_format(request)
    if wanted and is_valid:
        return export_response(table, wanted, name)
    table.show(request)
    shown = {"table": table, "filter": filters, "csv_url": f"{request.path}?{csv_parameters(request)}", **context}
    return render(request, template, shown, status=400 if wanted else 200)
