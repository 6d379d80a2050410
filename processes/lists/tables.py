"""What the tables of all lists share: sort and page as the address says, and the same rows as CSV."""

import csv
from collections.abc import Iterator

import django_tables2 as tables
from django.http import HttpRequest, StreamingHttpResponse

PER_PAGE = 25
MOST_PER_PAGE = 100
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class ListTable(tables.Table):
    """A table of rows that keep their places when they are equal, so that none is shown on two pages.

    `ties` are the columns that decide between equal rows; the last of them is unique.
    """

    ties: tuple[str, ...] = ("pk",)

    def sort(self, request: HttpRequest) -> None:
        """Sort as the address says; where it says nothing, as the table does, then by `ties`."""
        if "sort" in request.GET:
            self.order_by = request.GET.getlist("sort")
        rows = self.data.data
        self.data.data = rows.order_by(*dict.fromkeys([*rows.query.order_by, *self.ties]))

    def show(self, request: HttpRequest) -> None:
        """Page as the address says; numbers that make no sense are the nearest that do."""
        page, size = _number(request, "page", 1), _number(request, "per_page", PER_PAGE)
        self.paginate(page=1, per_page=min(size, MOST_PER_PAGE))
        self.page = self.paginator.get_page(page)


def csv_response(table: ListTable, filename: str) -> StreamingHttpResponse:
    """Every row of the table as CSV, written while it is read."""
    disposition = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return StreamingHttpResponse(_lines(table), content_type="text/csv; charset=utf-8", headers=disposition)


def csv_parameters(request: HttpRequest) -> str:
    """The query of the address that gives everything filtered as CSV."""
    parameters = request.GET.copy()
    parameters["format"] = "csv"
    parameters.pop("page", None)
    return parameters.urlencode()


class _Echo:
    def write(self, text: str) -> str:
        return text


def _lines(table: ListTable) -> Iterator[str]:
    writer = csv.writer(_Echo())
    for row in table.as_values():
        yield writer.writerow([_harmless(str(cell if cell is not None else "")) for cell in row])


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _number(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, "")
    return max(1, int(text)) if text.isdecimal() and len(text) < 9 else default
