"""Everything that a list has been narrowed to, as CSV or JSON, sent while it is read: memory does not grow with it."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from io import StringIO
from itertools import islice
from operator import attrgetter
from typing import Any

import orjson
from django.http import HttpRequest, StreamingHttpResponse

from processes.lists.tables import ListTable

CHUNK = 500
"""Rows that are read, and sent, at once."""
FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def asked_format(request: HttpRequest) -> str:
    """The format that everything is asked in; empty when a page is."""
    wanted = request.GET.get("format", "")
    return wanted if wanted in FORMATS else ""


def csv_parameters(request: HttpRequest) -> str:
    """The query of the address that gives everything filtered as CSV."""
    parameters = request.GET.copy()
    parameters["format"] = "csv"
    parameters.pop("page", None)
    return parameters.urlencode()


def export_response(table: ListTable, wanted: str, name: str) -> StreamingHttpResponse:
    """Every row of a sorted table in this format, as a file of this name without its ending."""
    lines = _csv(table) if wanted == "csv" else _json(table)
    disposition = {"Content-Disposition": f'attachment; filename="{name}.{wanted}"'}
    return StreamingHttpResponse(lines, content_type=FORMATS[wanted], headers=disposition)


def _csv(table: ListTable) -> Iterator[str]:
    values = [value for _, value in _columns(table)]
    yield _lines([[str(column.header) for column in table.columns]])
    for rows in _chunks(table):
        yield _lines([_text(value(row)) for value in values] for row in rows)


def _json(table: ListTable) -> Iterator[bytes]:
    """An array of objects, each of the names of the columns."""
    columns = _columns(table)
    separator = b"["
    for rows in _chunks(table):
        written = orjson.dumps([{name: value(row) for name, value in columns} for row in rows], default=str)
        yield separator + written[1:-1]
        separator = b","
    yield b"[]" if separator == b"[" else b"]"


def _columns(table: ListTable) -> list[tuple[str, Callable[[Any], Any]]]:
    names = [column.name for column in table.columns]
    return [(name, getattr(table, f"export_{name}", None) or attrgetter(name)) for name in names]


def _chunks(table: ListTable) -> Iterator[Sequence[Any]]:
    keys = table.order.of(table.queryset).values_list("pk", flat=True).iterator(chunk_size=CHUNK)
    while some := list(islice(keys, CHUNK)):
        yield table.listed(some)


def _lines(rows: Iterable[Sequence[str]]) -> str:
    text = StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat()
        case _:
            cell = str(value)
    return f"'{cell}" if cell.startswith(_FORMULA) else cell  # a spreadsheet takes it for a formula
