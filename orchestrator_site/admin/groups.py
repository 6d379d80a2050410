"""Groups in the admin; those that carry a role keep their names and are not deleted."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from orchestrator_site.admin.administrators import AdministratorsOnly
from orchestrator_site.auth.names import reason_against, scripts
from processes.access.permissions import ROLES


class GroupForm(forms.ModelForm):  # type: ignore[type-arg] # generic in the stubs alone
    """No group passes for another, nor for a role, by its case or by letters of another alphabet."""

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        others = Group.objects.exclude(pk=self.instance.pk)
        if others.filter(name__iexact=name).exists() or (name.casefold() in ROLES and name not in ROLES):
            raise forms.ValidationError("A group with that name already exists.")
        if len(scripts(name)) > 1:
            raise forms.ValidationError(reason_against(name))
        return name


@admin.register(Group)
class RoleAdmin(AdministratorsOnly, GroupAdmin):
    """Groups; those named viewer, operator, modeller and admin are roles."""

    form = GroupForm
    fields = ("name",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("name",) if obj is not None and obj.name in ROLES else ()

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What Django shows before it deletes; a role is among what it says is protected, with the reason."""
        deleted, counts, lacking, protected = super().get_deleted_objects(objs, request)
        roles = [f"Group {group.name}: it carries the role of that name" for group in objs if group.name in ROLES]
        return deleted, counts, lacking, [*protected, *roles]
