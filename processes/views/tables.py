"""The table of processes, for the page and as CSV; links of subjects are looked up once a page."""

import csv
from collections.abc import Iterator
from typing import Any

import django_tables2 as tables
from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from processes.models import Process
from processes.panels import SubjectKey, SubjectLink, links

PER_PAGE = 25
MOST_PER_PAGE = 100
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class ProcessTable(tables.Table):
    """Processes as people look for them."""

    workflow = tables.Column(
        accessor="workflow_version__workflow__description", verbose_name="Workflow", order_by="workflow_name"
    )
    last_step = tables.Column(verbose_name="Last step", default="")
    status = tables.Column()
    subjects = tables.Column(verbose_name="About", orderable=False, empty_values=())
    created_by = tables.Column(verbose_name="Started by")
    started_at = tables.Column(verbose_name="Started")
    duration = tables.Column(accessor="ended_at", verbose_name="Duration", orderable=False, empty_values=())

    caption = "Processes"

    class Meta:
        empty_text = "No process matches."
        order_by = "-started_at"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.links: dict[SubjectKey, SubjectLink] = {}

    def sort(self, request: HttpRequest) -> None:
        """Sort as the address says, the newest first where it says nothing; rows that are equal keep their places."""
        if "sort" in request.GET:
            self.order_by = request.GET.getlist("sort")
        rows = self.data.data
        self.data.data = rows.order_by(*dict.fromkeys([*rows.query.order_by, "-started_at", "pk"]))

    def show(self, request: HttpRequest) -> None:
        """Page as the address says, and look up the links of the shown rows."""
        page, size = _number(request, "page", 1), _number(request, "per_page", PER_PAGE)
        self.paginate(page=1, per_page=min(size, MOST_PER_PAGE))
        self.page = self.paginator.get_page(page)
        records = [row.record for row in self.page.object_list]
        self.links = links((one.kind, one.subject_id, one.label) for row in records for one in row.subjects.all())

    def render_workflow(self, record: Process) -> SafeString:
        return _cell("workflow", process=record)

    def render_status(self, value: str) -> SafeString:
        return _cell("status", value=value)

    def render_subjects(self, record: Process) -> SafeString:
        return _cell("subjects", links=[self.links[one.kind, one.subject_id] for one in record.subjects.all()])

    def render_started_at(self, value: Any) -> SafeString:
        return _cell("moment", value=value)

    def render_duration(self, record: Process) -> SafeString:
        return _cell("duration", process=record)

    def value_workflow(self, record: Process) -> str:
        return record.workflow_name

    def value_status(self, value: str) -> str:
        return value

    def value_subjects(self, record: Process) -> str:
        return ", ".join(one.label or one.subject_id for one in record.subjects.all())

    def value_started_at(self, value: Any) -> str:
        return str(value.isoformat())

    def value_duration(self, record: Process) -> str:
        """Seconds; nothing while it runs."""
        return f"{(record.ended_at - record.started_at).total_seconds():.3f}" if record.ended_at else ""


def csv_response(table: ProcessTable, filename: str) -> StreamingHttpResponse:
    """Every row of the table as CSV, written while it is read."""
    disposition = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return StreamingHttpResponse(_lines(table), content_type="text/csv; charset=utf-8", headers=disposition)


class _Echo:
    def write(self, text: str) -> str:
        return text


def _lines(table: ProcessTable) -> Iterator[str]:
    writer = csv.writer(_Echo())
    for row in table.as_values():
        yield writer.writerow([_harmless(str(cell if cell is not None else "")) for cell in row])


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _number(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, "")
    return max(1, int(text)) if text.isdecimal() and len(text) < 9 else default


def _cell(name: str, **values: Any) -> SafeString:
    return render_to_string(f"processes/cells/{name}.html", values)
