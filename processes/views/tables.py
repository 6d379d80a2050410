"""The table of processes, for the page and as CSV; links of subjects are looked up once a page."""

from typing import Any

import django_tables2 as tables
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from processes.lists.tables import ListTable
from processes.models import Process
from processes.plugins.panels import SubjectKey, SubjectLink, links


class ProcessTable(ListTable):
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
    ties = ("-started_at", "pk")

    class Meta:
        empty_text = "No process matches."
        order_by = "-started_at"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.links: dict[SubjectKey, SubjectLink] = {}

    def show(self, request: HttpRequest) -> None:
        """Page as the address says, and look up the links of the shown rows."""
        super().show(request)
        records = [row.record for row in self.page.object_list]
        self.links = links((one.kind, one.subject_id, one.label) for row in records for one in row.subjects.all())

    def render_workflow(self, record: Process) -> SafeString:
        return _cell("workflow", process=record)

    def render_status(self, record: Process) -> SafeString:
        return _cell("status", process=record)

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


def _cell(name: str, **values: Any) -> SafeString:
    return render_to_string(f"processes/cells/{name}.html", values)
