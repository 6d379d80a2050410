"""Workflows and the audit trail in the admin, to be read: code makes the ones, acts of people the others."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from processes.models import AuditEvent, Workflow
from processes.permissions import Action, decide


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
    """Every workflow that a release has registered."""

    list_display = ("name", "description", "target", "is_task", "created_at", "deleted_at")
    list_filter = ("target", "is_task")
    search_fields = ("name", "description")
    ordering = ("name",)


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    """Who did what, newest first."""

    action = Action.ADMINISTER
    list_display = ("at", "actor", "action", "subject_kind", "subject_id")
    list_filter = ("action", "subject_kind")
    search_fields = ("actor", "subject_id")
    ordering = ("-id",)
    show_full_result_count = False
