"""Groups in the admin; those that carry a role keep their names and are not deleted."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from orchestrator_site.admin.administrators import AdministratorsOnly
from processes.access.permissions import ROLES


@admin.register(Group)
class RoleAdmin(AdministratorsOnly, GroupAdmin):
    """Groups; those named viewer, operator, modeller and admin are roles."""

    fields = ("name",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("name",) if obj is not None and obj.name in ROLES else ()

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What Django shows before it deletes; a role is among what it says is protected, with the reason."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        roles = [f"Group {group.name}: it carries the role of that name" for group in objs if group.name in ROLES]
        return deleted, counts, lacking, [*protected, *roles]
