"""Tags of lists: what components/table.html and components/filter_bar.html need to know, worked out here."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from orchestrator_site.templatetags import look
from orchestrator_site.templatetags.look import icon
from processes.lists.tables import ListTable

register = template.Library()

PAGE_SIZES = (10, 25, 50, 100)


@dataclass(frozen=True)
class TableFacts:
    """A table in words; `sizes` is empty when it is not paged."""

    caption: str
    summary: str
    is_empty: bool
    has_pages: bool
    size: int
    sizes: Sequence[int]
    empty_text: str
    empty_url: str
    empty_action: str
    csv_url: str


@register.simple_tag
def table_facts(table: Any) -> TableFacts:
    """What to say around a django-tables2 table; the total is shown only when the paginator knows it."""
    page = getattr(table, "page", None)
    rows = len(page.object_list) if page else len(table.rows)
    total = _total(page, rows)
    return TableFacts(
        caption=str(getattr(table, "caption", "") or "List"),
        summary=_summary(page, rows, total),
        is_empty=rows == 0,
        has_pages=bool(page and page.has_other_pages()),
        size=page.paginator.per_page if page else rows,
        sizes=_sizes(page, total),
        empty_text=str(table.empty_text or "No matching rows."),
        empty_url=getattr(table, "empty_url", ""),
        empty_action=getattr(table, "empty_action", ""),
        csv_url=getattr(table, "csv_url", ""),
    )


@register.simple_tag
def table_body(table: Any) -> SafeString:
    """The shown rows: those of a list at once, those of any other django-tables2 table cell by cell."""
    if isinstance(table, ListTable):
        return table.body(look)
    return format_html_join(
        "\n",
        '<tr {} role="row">{}</tr>',
        ((row.attrs.as_html(), format_html_join("", _CELL, _cells(row))) for row in table.paginated_rows),
    )


_CELL = '<td {} role="cell" data-label="{}"><span>{}</span></td>'


def _cells(row: Any) -> Iterator[tuple[Any, ...]]:
    return ((column.attrs["td"].as_html(), column.header, cell) for column, cell in row.items())


def _total(page: Any, rows: int) -> int | None:
    if page is None:
        return rows
    try:
        return int(page.paginator.count)
    except NotImplementedError:  # a paginator that does not count
        return None


def _summary(page: Any, rows: int, total: int | None) -> str:
    if page is None or total == rows:
        return f"{rows} {'row' if rows == 1 else 'rows'}"
    first = (page.number - 1) * page.paginator.per_page + 1
    shown = f"{first}-{first + rows - 1}"
    if total is None:
        return shown
    return f"{shown} of {total}" if getattr(page.paginator, "is_exact", True) else f"{shown} of about {total}"


def _sizes(page: Any, total: int | None) -> Sequence[int]:
    if page is None or (total is not None and total <= PAGE_SIZES[0]):
        return ()
    return sorted({*PAGE_SIZES, page.paginator.per_page})


@register.simple_tag
def aria_sort(column: Any) -> SafeString:
    """The attribute that tells how a table is sorted, on the sorted column only."""
    if not column.is_ordered:
        return SafeString("")
    return format_html(' aria-sort="{}"', "descending" if column.order_by_alias.is_descending else "ascending")


@register.simple_tag
def sort_icon(column: Any) -> SafeString:
    """An arrow for the sorted column, a hint for the others."""
    if not column.is_ordered:
        return icon("selector")
    return icon("arrow-down" if column.order_by_alias.is_descending else "arrow-up")


@dataclass(frozen=True)
class FilterFacts:
    """A filter form with the parts of the address it must not lose; `is_set` when something is filtered."""

    form: Any
    kept: Sequence[tuple[str, str]]
    is_set: bool
    clear_url: str


KEPT = ("sort", "per_page", "view", "tab", "is_task")


@register.simple_tag(takes_context=True)
def filter_facts(context: Context, filterset: Any = None, form: Any = None) -> FilterFacts:
    """Sorting, page size and view stay when a filter changes; the page number starts over."""
    request: HttpRequest = context["request"]
    shown = filterset.form if filterset else form
    names = {shown.add_prefix(name) for name in shown.fields} if shown is not None else set()
    kept = [(name, value) for name in KEPT if name not in names for value in request.GET.getlist(name)]
    is_set = any(value for name in request.GET for value in request.GET.getlist(name) if name in names)
    return FilterFacts(form=shown, kept=kept, is_set=is_set, clear_url=_address(request.path, kept))


def _address(path: str, parameters: Sequence[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path
