"""Who may see and change the catalogue in the admin: asked from the one decision, for pages and inlines alike."""

from typing import Any

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import StackedInline, TabularInline

from processes.access.permissions import Action, AnyUser, decide
from processes.access.policy import is_limited
from products.models import ProductBlock, ResourceType
from products.queries.sharing import products_with

_HOUSE = "processes.access.policy.decide"


class CatalogueAccess:
    """Viewing for those who may view, everything else for those who may edit the catalogue."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return decide(request.user, Action.VIEW).allowed

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return decide(request.user, Action.VIEW, obj).allowed

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _may_edit(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _may_edit(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _may_edit(request, obj)


def _may_edit(request: HttpRequest, obj: Model | None) -> bool:
    """Whether this person may change the object; what products share, only with the right to change each of them."""
    if not decide(request.user, Action.EDIT_CATALOGUE, obj).allowed:
        return False
    if not isinstance(obj, ProductBlock | ResourceType) or obj.pk is None:
        return True
    known: dict[Any, bool] = request.__dict__.setdefault("editable_parts", {})
    key = (type(obj), obj.pk)
    if key not in known:
        known[key] = not may_differ(request.user) or all(
            decide(request.user, Action.EDIT_CATALOGUE, product).allowed for product in products_with(obj)
        )
    return known[key]


def may_differ(user: AnyUser) -> bool:
    """Whether what is decided may depend on the product; a site that decides itself is asked of each."""
    return settings.ACCESS_DECIDE != _HOUSE or is_limited(user, Action.EDIT_CATALOGUE)


class CatalogueStackedInline(CatalogueAccess, StackedInline):
    """Parts with many fields, one below the other."""

    extra = 0


class CatalogueTabularInline(CatalogueAccess, TabularInline):
    """Parts with few fields, one a row."""

    extra = 0
