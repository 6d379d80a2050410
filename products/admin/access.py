"""Who may see and change the catalogue in the admin: asked from the one decision, for pages and inlines alike."""

from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import StackedInline, TabularInline

from processes.access.permissions import Action, decide


class CatalogueAccess:
    """Viewing for those who may view, everything else for those who may edit the catalogue."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return decide(request.user, Action.VIEW).allowed

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return decide(request.user, Action.VIEW, obj).allowed

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return decide(request.user, Action.EDIT_CATALOGUE, obj).allowed

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return decide(request.user, Action.EDIT_CATALOGUE, obj).allowed

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return decide(request.user, Action.EDIT_CATALOGUE, obj).allowed


class CatalogueStackedInline(CatalogueAccess, StackedInline):
    """Parts with many fields, one below the other."""

    extra = 0


class CatalogueTabularInline(CatalogueAccess, TabularInline):
    """Parts with few fields, one a row."""

    extra = 0
