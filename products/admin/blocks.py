"""Blocks: component types with their fields, and a picture of what they hold."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from products.admin.access import CatalogueStackedInline, CatalogueTabularInline
from products.admin.forms import BlockFieldForm, BlockForm
from products.admin.publishing import PublishingAdmin
from products.admin.rule_forms import RuleForm
from products.display.outline import Outline, outline_of_block
from products.models import BlockField, BlockRule, ProductBlock
from products.queries.drafts import draft


class FieldInline(CatalogueStackedInline):
    """The fields of a block."""

    model = BlockField
    form = BlockFieldForm
    fk_name = "block"
    verbose_name = "field"
    ordering_field = "position"
    fieldsets = (
        (
            None,
            {"fields": (("name", "kind"), ("resource_type", "blocks"), ("required_from", "owned"), "description")},
        ),
        (
            "More rules",
            {
                "classes": ("collapse",),
                "fields": (
                    ("default_text", "computed"),
                    ("minimum", "maximum", "unique_items"),
                    ("unique_scope", "modifiable", "position"),
                    "formerly",
                ),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("resource_type").prefetch_related("blocks")


class BlockRuleInline(CatalogueTabularInline):
    """What must hold between the fields of a block."""

    model = BlockRule
    form = RuleForm
    verbose_name = "rule"
    fields = ("rule", "message", "position")
    ordering_field = "position"


@admin.register(ProductBlock)
class BlockAdmin(PublishingAdmin):
    """Component types."""

    form = BlockForm
    inlines = (FieldInline, BlockRuleInline)
    list_display = ("name", "tag", "status", "description", "field_names")
    list_filter = ("status",)
    search_fields = ("name", "tag", "description")
    readonly_fields = ("structure",)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        named = ("name", "tag", "description", "status", "end_date")
        shown = [(None, {"fields": (*named, "formerly") if obj else named})]
        return [*shown, ("Structure", {"fields": ("structure",)})] if obj else shown

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("fields")

    @admin.display(description="Fields")
    def field_names(self, row: ProductBlock) -> str:
        return ", ".join(field.name for field in row.fields.all()) or "none yet"

    @admin.display(description="As last saved")
    def structure(self, row: ProductBlock) -> SafeString:
        blocks = draft().blocks
        return picture(outline_of_block(blocks[row.name], blocks)) if row.name in blocks else mark_safe("")


def picture(outline: Outline) -> SafeString:
    """An outline as it stands in pages."""
    return render_to_string("products/_outline.html", {"outline": outline})
