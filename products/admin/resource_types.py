"""Resource types: what kind of value fields and constants hold."""

from typing import Any

from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest

from products.admin.publishing import PublishingAdmin
from products.admin.type_forms import ResourceTypeForm
from products.models import ResourceType


@admin.register(ResourceType)
class ResourceTypeAdmin(PublishingAdmin):
    """Typed attributes, shared by the fields of several blocks."""

    form = ResourceTypeForm
    list_display = ("name", "kind", "description", "use")
    list_filter = ("kind",)
    search_fields = ("name", "description")
    ordering = ("name",)  # the model's is lost with the count
    fieldsets = (
        (None, {"fields": (("name", "formerly"), "kind", "description")}),
        (
            "Constraints",
            {
                "fields": (
                    ("choices_text", "labels_text"),
                    ("minimum", "maximum"),
                    ("min_length", "max_length"),
                    "pattern",
                ),
                "description": "Leave empty for no constraint.",
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(field_count=Count("fields"))

    @admin.display(description="Used by", ordering="field_count")
    def use(self, row: Any) -> str:
        return f"{row.field_count} fields" if row.field_count != 1 else "1 field"
