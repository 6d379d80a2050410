"""Customers in the admin; subscriptions are changed by workflows only, so they are not here."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from processes.access import audit
from processes.access.permissions import Action, decide
from subscriptions.models import Customer


@admin.register(Customer)
class CustomerAdmin(ModelAdmin):
    """Seen by those who may view, kept by those who may administer."""

    list_display = ["fullname", "shortcode"]
    search_fields = ["fullname", "shortcode"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return decide(request.user, Action.VIEW).allowed

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return decide(request.user, Action.VIEW, obj).allowed

    def has_add_permission(self, request: HttpRequest) -> bool:
        return decide(request.user, Action.ADMINISTER).allowed

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return decide(request.user, Action.ADMINISTER, obj).allowed

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return decide(request.user, Action.ADMINISTER, obj).allowed

    def save_model(self, request: HttpRequest, obj: Customer, form: object, change: bool) -> None:
        super().save_model(request, obj, form, change)
        audit.record(
            "customer.change" if change else "customer.add",
            by=request.user.get_username(),
            kind="customer",
            subject=obj.pk,
        )
