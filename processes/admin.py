"""Workflows and the audit trail in the admin, to be read: code makes the ones, acts of people the others. The
limits of external systems may be set.
"""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, StreamingHttpResponse
from unfold import decorators
from unfold.admin import ModelAdmin

from processes.access import audit, evidence, permissions
from processes.access.edit_conflicts import KnowsConflicts
from processes.access.permissions import Action, decide, visible
from processes.models import AuditEvent, ExternalSystem, Workflow
from processes.queries.external_systems import bounded
from processes.store import wakeups


class ReadOnlyAdmin(ModelAdmin):
    """A page that shows and changes nothing; who may see it is the one decision's."""

    action = Action.VIEW

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return decide(request.user, self.action, obj).allowed

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Workflow)
class WorkflowAdmin(ReadOnlyAdmin):
    """Every workflow that a release has registered, as far as this person may see it."""

    def get_queryset(self, request: HttpRequest) -> Any:
        return visible(super().get_queryset(request), request.user)

    list_display = ("name", "description", "target", "is_task", "created_at", "deleted_at")
    list_filter = ("target", "is_task")
    search_fields = ("name", "description")
    ordering = ("name",)


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """Who did what, newest first."""

    action = Action.ADMINISTER
    list_display = ("at", "actor", "action", "subject_kind", "subject_id", "reason", "address")
    list_filter = ("action", "subject_kind")
    search_fields = ("actor", "subject_id")
    ordering = ("-id",)
    show_full_result_count = False
    actions_list = ("export",)

    @decorators.action(description="Export as JSON lines", url_path="export")
    def export(self, request: HttpRequest) -> StreamingHttpResponse:
        """The whole trail, signed at its end; that it was exported is an event of it."""
        permissions.check(request.user, Action.ADMINISTER)
        audit.record("audit_exported", by=request.user.get_username(), kind="audit")
        lines = evidence.exported(AuditEvent.objects.all())
        disposition = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}
        return StreamingHttpResponse(lines, content_type="application/jsonl", headers=disposition)


@admin.register(ExternalSystem)
class ExternalSystemAdmin(KnowsConflicts, ReadOnlyAdmin):
    """The limits of each external system; the rows come with the workflows that name one."""

    action = Action.WATCH
    list_display = (
        "name",
        "max_concurrent",
        "failure_threshold",
        "cool_down_seconds",
        "failures",
        "paused_until",
        "stopped",
    )
    readonly_fields = (
        "name", "failures", "paused_since", "paused_until", "stopped", "stopped_by", "last_failure", "failed_last",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("name", "max_concurrent", "failure_threshold", "cool_down_seconds")}),
        ("Status", {"fields": readonly_fields[1:]}),
    )
    ordering = ("name",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return decide(request.user, Action.ADMINISTER, obj).allowed

    @admin.display(description="calls paused since", ordering="opened_at")
    def paused_since(self, row: ExternalSystem) -> datetime | None:
        return bounded(row.opened_at)

    @admin.display(description="calls paused until", ordering="half_open_at")
    def paused_until(self, row: ExternalSystem) -> datetime | None:
        return bounded(row.half_open_at)

    @admin.display(description="stopped", ordering="stopped_at")
    def stopped(self, row: ExternalSystem) -> datetime | None:
        return bounded(row.stopped_at)

    @admin.display(description="last failed at", ordering="last_failed_at")
    def failed_last(self, row: ExternalSystem) -> datetime | None:
        return bounded(row.last_failed_at)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Write only what was set: failures are counted meanwhile. Those that wait may have room now."""
        named = {field: getattr(obj, field) for field in form.changed_data}
        if not named:
            return
        ExternalSystem.objects.filter(pk=obj.pk).update(**named)
        changes = {field: {"from": form.initial[field], "to": value} for field, value in named.items()}
        detail = {"changes": changes}
        by = request.user.get_username()
        audit.record("change_limits", by=by, kind="external_system", subject=obj.name, detail=detail)
        wakeups.wake()
