"""What every page of the admin for administrators alone has in common."""

from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from processes.access.admin_trail import AuditedAdmin
from processes.access.edit_conflicts import KnowsConflicts
from processes.access.permissions import Action, decide


class AdministratorsOnly(KnowsConflicts, AuditedAdmin, ModelAdmin):
    """Open to those who may administer; each change is audited."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return decide(request.user, Action.ADMINISTER).allowed

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return decide(request.user, Action.ADMINISTER, obj).allowed

    has_add_permission = has_module_permission
    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission
