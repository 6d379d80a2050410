"""Customers in the admin, and what validations found; subscriptions are changed by workflows only."""

from django import forms
from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from processes.access.admin_trail import AuditedAdmin
from processes.access.edit_conflicts import KnowsConflicts
from processes.access.permissions import Action, decide, visible
from processes.admin import ReadOnlyAdmin
from subscriptions.models import Customer, Subscription, Validation
from subscriptions.models.customer import new_id


class CustomerForm(forms.ModelForm):  # type: ignore[type-arg] # generic in the stubs alone
    """A customer without an id gets one."""

    def clean_id(self) -> str:
        return self.cleaned_data["id"] or new_id()


@admin.register(Customer)
class CustomerAdmin(KnowsConflicts, AuditedAdmin, ModelAdmin):
    """Seen by those who may view, kept by those who may administer."""

    audit_acts = {"added": "customer.add", "changed": "customer.change", "deleted": "customer.delete"}
    list_display = ["fullname", "shortcode", "id"]
    search_fields = ["fullname", "shortcode", "id"]
    fields = ["fullname", "shortcode", "id"]
    form = CustomerForm

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        """Subscriptions name a customer by the id, so that it stays."""
        return ["id"] if obj else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        """The rows that this person may see."""
        return visible(super().get_queryset(request), request.user)

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


@admin.register(Validation)
class ValidationAdmin(ReadOnlyAdmin):
    """The last verdict of each validation, to be read; drift is what its differences list."""

    list_display = ("subscription", "workflow_name", "at", "has_drift")
    list_filter = ("has_drift", "workflow_name")
    list_select_related = ("subscription",)
    search_fields = ("subscription__description", "workflow_name")
    fields = ("subscription", "workflow_name", "process_id", "at", "has_drift", "differences")
    ordering = ("-at", "-id")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Validation]:
        """Those of the subscriptions that this person may see."""
        rows: QuerySet[Validation] = super().get_queryset(request)
        everything = Subscription.objects.all()
        narrowed = visible(everything, request.user)
        return rows if narrowed is everything else rows.filter(subscription__in=narrowed)
