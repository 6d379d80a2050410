"""The table of processes, for the page and as a file; links of subjects are looked up once a page."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

import django_tables2 as tables
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from processes.engine.binding import Subject
from processes.lists.addresses import addresses_of
from processes.lists.markup import html
from processes.lists.tables import BLANK, ListTable, Look
from processes.plugins.panels import SubjectKey, SubjectLink, links
from processes.queries.subjects import listed
from processes.store.listed import ListedProcess


class ProcessTable(ListTable):
    """Processes as people look for them."""

    workflow = tables.Column(verbose_name="Workflow")
    last_step = tables.Column(verbose_name="Last step")
    status = tables.Column()
    subjects = tables.Column(verbose_name="About", orderable=False)
    created_by = tables.Column(verbose_name="Started by")
    started_at = tables.Column(verbose_name="Started")
    duration = tables.Column(verbose_name="Duration", orderable=False)

    caption = "Processes"
    ties = ("-started_at", "pk")
    sorts = {"workflow": "workflow_name"}

    class Meta:
        empty_text = "No process matches."
        order_by = "-started_at"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.links: dict[SubjectKey, SubjectLink] = {}

    @cached_property
    def _address(self) -> Callable[[UUID], str]:
        return addresses_of("processes:detail")

    def listed(self, keys: Sequence[UUID]) -> list[ListedProcess]:
        return listed(keys)

    def show(self, request: HttpRequest) -> None:
        """Page as the address says, and look up the links of the shown rows."""
        super().show(request)
        self.links = links((one.kind, one.id, one.label) for row in self.records for one in row.subjects)

    def cell_workflow(self, row: ListedProcess, look: Look) -> SafeString:
        link = html('<a href="{}">{}</a>', self._address(row.id), row.description)
        if not row.note:
            return link
        return html('{} <span title="{}">{}</span>', link, row.note, look.icon("note", label="Has a note"))

    def cell_last_step(self, row: ListedProcess, look: Look) -> str:
        return row.last_step or BLANK

    def cell_status(self, row: ListedProcess, look: Look) -> SafeString:
        badge = look.status(row.status)
        if not row.blocked_by_system:
            return badge
        return html('{} <span class="text-secondary text-nowrap">for {}</span>', badge, row.blocked_by_system)

    def cell_subjects(self, row: ListedProcess, look: Look) -> SafeString:
        return format_html_join(", ", "{}", ((self._linked(subject),) for subject in row.subjects))

    def cell_started_at(self, row: ListedProcess, look: Look) -> SafeString:
        return look.ago(row.started_at)

    def cell_duration(self, row: ListedProcess, look: Look) -> SafeString:
        return look.duration(row.started_at, row.ended_at)

    def export_workflow(self, row: ListedProcess) -> str:
        return row.workflow_name

    def export_subjects(self, row: ListedProcess) -> str:
        return ", ".join(subject.label or subject.id for subject in row.subjects)

    def export_duration(self, row: ListedProcess) -> str:
        """Seconds; nothing while it runs."""
        return f"{(row.ended_at - row.started_at).total_seconds():.3f}" if row.ended_at else ""

    def _linked(self, subject: Subject) -> str:
        link = self.links[subject.kind, subject.id]
        return html('<a href="{}">{}</a>', link["url"], link["label"]) if link["url"] else link["label"]
