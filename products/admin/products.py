"""Products: what one can order, with constants, top-level blocks, offers, and what was published of it."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from processes.plugins import registry
from products.admin.access import CatalogueTabularInline
from products.admin.blocks import picture
from products.admin.forms import FixedInputForm, OfferForm, ProductForm, RootBlockForm
from products.admin.publishing import PublishingAdmin
from products.admin.rule_forms import NarrowedForm, RuleForm
from products.display.outline import outline_of_product
from products.models import FixedInput, NarrowedField, Product, ProductRule, ProductVersion, ProductWorkflow, RootBlock
from products.queries.drafts import draft

GENERIC = ("create_subscription", "terminate_subscription")
"""Workflows that work for any product, offered by a new one unless the modeller says otherwise."""


class FixedInputInline(CatalogueTabularInline):
    """The constants of a product."""

    model = FixedInput
    form = FixedInputForm
    fields = ("name", "resource_type", "value_text", "position")
    ordering_field = "position"


class RootBlockInline(CatalogueTabularInline):
    """The top-level blocks of a product."""

    model = RootBlock
    form = RootBlockForm
    verbose_name = "top-level block"
    fields = ("name", "block", "others", "kind", "minimum", "maximum", "position")
    ordering_field = "position"

    def get_extra(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> int:
        return 0 if obj else 1


class NarrowedInline(CatalogueTabularInline):
    """What a product makes narrower in the blocks that it shares."""

    model = NarrowedField
    form = NarrowedForm
    verbose_name = "narrowed field"
    fields = ("field", "fewest", "most", "choices_text", "minimum", "maximum", "position")
    ordering_field = "position"


class ProductRuleInline(CatalogueTabularInline):
    """What must hold between the blocks of a product."""

    model = ProductRule
    form = RuleForm
    verbose_name = "rule"
    fields = ("rule", "message", "position")
    ordering_field = "position"


class OfferInline(CatalogueTabularInline):
    """The workflows a product offers."""

    model = ProductWorkflow
    form = OfferForm
    verbose_name = "workflow offered"
    verbose_name_plural = "workflows offered"
    fields = ("workflow_name", "position")
    ordering_field = "position"

    def get_extra(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> int:
        return 0 if obj else len(generic_offers())


class VersionInline(CatalogueTabularInline):
    """What was published, newest first; never changed."""

    model = ProductVersion
    verbose_name = "published version"
    fields = readonly_fields = ("number", "created_at", "created_by")
    ordering = ("-number",)
    max_num = 0
    can_delete = False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    has_add_permission = has_change_permission
    has_delete_permission = has_change_permission


@admin.register(Product)
class ProductAdmin(PublishingAdmin):
    """Things one can order."""

    form = ProductForm
    list_display = ("name", "product_type", "tag", "status", "offer_count", "page")
    list_filter = ("status", "product_type", "tag")
    search_fields = ("name", "description", "tag", "product_type")
    ordering = ("name",)  # the model's is lost with the count
    readonly_fields = ("structure",)
    inlines = (FixedInputInline, RootBlockInline, NarrowedInline, ProductRuleInline, OfferInline, VersionInline)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        named = ("name", "description", ("product_type", "tag"), "status", "end_date")
        shown = [(None, {"fields": named})]
        return [*shown, ("Structure", {"fields": ("structure",)})] if obj else shown

    def get_inline_instances(self, request: HttpRequest, obj: Any = None) -> Any:
        inlines = super().get_inline_instances(request, obj)
        return [inline for inline in inlines if obj or not isinstance(inline, VersionInline)]

    def get_formset_kwargs(self, request: HttpRequest, obj: Any, inline: Any, prefix: str) -> dict[str, Any]:
        """A new product offers the generic workflows until the modeller takes them away."""
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        if isinstance(inline, OfferInline) and request.method == "GET" and obj._state.adding:
            kwargs["initial"] = [{"workflow_name": name} for name in generic_offers()]
        return kwargs

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(offered=Count("offers"))

    def view_on_site(self, obj: Product) -> str:
        return reverse("products:detail", args=[obj.pk])

    @admin.display(description="Workflows", ordering="offered")
    def offer_count(self, row: Any) -> int:
        return int(row.offered)

    @admin.display(description="Page")
    def page(self, row: Product) -> SafeString:
        return format_html('<a href="{}">Show</a>', reverse("products:detail", args=[row.pk]))

    @admin.display(description="As last saved")
    def structure(self, row: Product) -> SafeString:
        products = draft().products
        return picture(outline_of_product(products[row.name])) if row.name in products else mark_safe("")


def generic_offers() -> list[str]:
    """The generic workflows this site has."""
    return [name for name in GENERIC if name in registry.all_workflows()]
