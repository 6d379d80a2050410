"""What the tables of all lists share: a part of the rows, sorted as the address says, written as HTML in one go.

Columns, headings and the address of the next sort are django-tables2's; which rows are on a page is `paging`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from html import escape
from math import ceil
from operator import attrgetter
from typing import Any, Protocol

import django_tables2 as tables
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from processes.lists.counts import Counting, Total
from processes.lists.markup import html
from processes.lists.paging import Column, Order, Part, part

PER_PAGE = 25
MOST_PER_PAGE = 100
EMPTY = "—"
BLANK = SafeString("")
"""A cell without even a dash."""


class Look(Protocol):
    """The small elements of a page, as the site makes them: the functions behind `{% load look %}`."""

    def ago(self, moment: datetime | None) -> SafeString: ...
    def duration(self, started: datetime | None, ended: datetime | None = None) -> SafeString: ...
    def icon(self, name: str, css: str = "", label: str = "") -> SafeString: ...
    def insync(self, flag: object) -> SafeString: ...
    def status(self, value: object, css: str = "", of: str = "") -> SafeString: ...


class ListPaginator(Paginator):  # type: ignore[type-arg]  # no generic at run time
    """The pages of a list of which only one is read; `is_exact` is false where their number is an estimate."""

    def __init__(self, total: Total, per_page: int) -> None:
        super().__init__((), per_page)
        self.is_exact = total.is_exact
        self._number = total.number

    @cached_property
    def count(self) -> int:
        return self._number


class ListTable(tables.Table):
    """A table of the rows of a queryset, of which it reads only those that it shows.

    A subclass gives `listed`, and for a column `name` that is more than an attribute of its rows `cell_name(row, look)`
    (HTML, or a text, of which nothing shows as a dash) and `export_name(row)`. `sorts` names what a column is sorted by
    where that is not the column of the same name, `ties` what decides between equal rows; the last of them is unique.
    """

    ties: Sequence[str] = ("pk",)
    sorts: Mapping[str, Column] = {}

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__([])
        self.queryset = rows
        self.records: Sequence[Any] = ()

    def listed(self, keys: Sequence[Any]) -> Sequence[Any]:
        """The rows of these keys, in this order, in a fixed number of queries."""
        raise NotImplementedError

    def sort(self, request: HttpRequest) -> None:
        """Sort as the address says; where it says nothing, as the table does."""
        if "sort" in request.GET:
            self.order_by = request.GET.getlist("sort")

    def show(self, request: HttpRequest) -> None:
        """Read the page that the address names; numbers that make no sense are the nearest that do."""
        number, size = _number(request, "page", 1), min(_number(request, "per_page", PER_PAGE), MOST_PER_PAGE)
        found = self._part(number, size)
        if not found.keys and number > 1:
            number = max(1, ceil(_total(found).number / size))
            found = self._part(number, size)
        self.records = self.listed(found.keys)
        self.paginator = ListPaginator(_total(found), size)
        self.page = Page(self.records, number, self.paginator)

    @property
    def order(self) -> Order:
        """How the rows are sorted."""
        aliases: Any = self.order_by or ()
        return Order([(self.sorts.get(one.bare, one.bare), one.is_descending) for one in aliases], self.ties)

    def body(self, look: Look) -> SafeString:
        """The rows as HTML. A template a cell cost more than everything else of a page together."""
        cells = [
            (html('<td role="cell" data-label="{}"><span>', column.header), self._cell(column.name, look))
            for column in self.columns
        ]
        rows = (
            "".join(f"{opening}{_shown(cell(record))}</span></td>" for opening, cell in cells)
            for record in self.records
        )
        return mark_safe("".join(f'<tr role="row">{row}</tr>\n' for row in rows))  # noqa: S308 - each cell is escaped

    def _cell(self, name: str, look: Look) -> Callable[[Any], object]:
        made: Callable[[Any, Look], object] | None = getattr(self, f"cell_{name}", None)
        return attrgetter(name) if made is None else lambda record: made(record, look)

    def _part(self, number: int, size: int) -> Part:
        return part(self.queryset, self.order, start=(number - 1) * size, size=size, counting=Counting.ESTIMATED)


def _total(found: Part) -> Total:
    assert found.total is not None
    return found.total


def _shown(cell: object) -> str:
    if isinstance(cell, SafeString):
        return cell
    return escape(str(cell)) if cell is not None and cell != "" else EMPTY


def _number(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, "")
    return max(1, int(text)) if text.isdecimal() and len(text) < 9 else default
