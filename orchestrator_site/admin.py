"""People and their roles in the admin, for administrators only; what would let code in is not there at all."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from processes.access import audit
from processes.access.permissions import Action, decide

NOT_FOR_HANDS = {"django_q", "knox"}  # a queue row names code to run; a token's row is of no use to look at

for model in list(admin.site._registry):
    if model._meta.app_label in NOT_FOR_HANDS or model in (User, Group):
        admin.site.unregister(model)


class AdministratorsOnly(ModelAdmin):
    """Open to those who may administer; each change is audited."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return decide(request.user, Action.ADMINISTER).allowed

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return decide(request.user, Action.ADMINISTER, obj).allowed

    has_add_permission = has_module_permission
    has_change_permission = has_view_permission
    has_delete_permission = has_view_permission

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        _audit("added", request, obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        _audit("changed", request, obj)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            _audit("deleted", request, obj)
        return super().log_deletions(request, queryset)


def _audit(act: str, request: HttpRequest, obj: Model) -> None:
    kind = str(obj._meta.model_name)
    audit.record(f"{kind}_{act}", by=request.user.get_username(), kind=kind, subject=obj.pk, detail={"name": str(obj)})


@admin.register(User)
class PersonAdmin(AdministratorsOnly, UserAdmin):  # type: ignore[type-arg] # generic in the stubs alone
    """Users; a user's groups are the roles."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "email", "is_active", "last_login")
    list_filter = ("is_active", "groups")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Personal info", {"fields": ("first_name", "last_name", "email")}),
        ("Permissions", {"fields": ("is_active", "groups")}),
        ("Important dates", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")


@admin.register(Group)
class RoleAdmin(AdministratorsOnly, GroupAdmin):
    """Groups; those named viewer, operator, modeller and admin are roles."""

    fields = ("name",)
