"""Shapes of the product endpoints for the OpenAPI document, and what a change may say."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema_serializer
from rest_framework import serializers

from products.models import ProductStatus


class FixedInputShape(serializers.Serializer[Any]):
    """A constant of a product."""

    fixed_input_id = serializers.UUIDField()
    name = serializers.CharField()
    value = serializers.JSONField()
    product_id = serializers.UUIDField()
    created_at = serializers.DateTimeField(help_text="Of the product.")


@extend_schema_serializer(component_name="ResourceType")
class ResourceTypeShape(serializers.Serializer[Any]):
    """A typed attribute that fields of several blocks may share; `resource_type` is its name."""

    resource_type_id = serializers.UUIDField()
    resource_type = serializers.CharField()
    description = serializers.CharField()
    kind = serializers.CharField()


@extend_schema_serializer(component_name="ProductBlock")
class BlockShape(serializers.Serializer[Any]):
    """A component type, with the resource types of its fields."""

    product_block_id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField()
    tag = serializers.CharField()
    status = serializers.ChoiceField(ProductStatus.choices)
    created_at = serializers.DateTimeField()
    end_date = serializers.DateTimeField(allow_null=True)
    resource_types = ResourceTypeShape(many=True)


@extend_schema_serializer(component_name="ProductRoot")
class ProductBlockShape(BlockShape):
    """A top-level block of a product, named as the attribute of its subscriptions."""

    attribute = serializers.CharField()


class ProductWorkflowShape(serializers.Serializer[Any]):
    """A workflow that a product offers."""

    workflow_id = serializers.UUIDField()
    name = serializers.CharField()
    target = serializers.CharField()
    is_task = serializers.BooleanField()
    description = serializers.CharField()
    created_at = serializers.DateTimeField()


@extend_schema_serializer(
    component_name="DescriptionChange",
    examples=[OpenApiExample("Another description", value={"description": "A port of a node."}, request_only=True)],
)
class DescriptionChange(serializers.Serializer[Any]):
    """What can be changed over REST."""

    description = serializers.CharField(max_length=2000, allow_blank=True)


EXAMPLE: dict[str, Any] = {
    "product_id": "0e0f9a53-4d6c-4c7a-9c38-0a4f5b4a7a44",
    "name": "port 10G",
    "description": "Port of 10 Gbit/s",
    "product_type": "Port",
    "tag": "PORT",
    "status": "active",
    "created_at": "2030-01-31T12:00:00Z",
    "end_date": None,
    "fixed_inputs": [
        {
            "fixed_input_id": "8a3f0a52-9b6b-5f6e-8a55-1b3c1d4b6c0e",
            "name": "speed",
            "value": 10000,
            "product_id": "0e0f9a53-4d6c-4c7a-9c38-0a4f5b4a7a44",
            "created_at": "2030-01-31T12:00:00Z",
        }
    ],
    "product_blocks": [
        {
            "product_block_id": "5a3f0a52-9b6b-4f6e-8a55-1b3c1d4b6c0e",
            "name": "Port",
            "attribute": "port",
            "description": "A port of a node.",
            "tag": "PORT",
            "status": "active",
            "created_at": "2030-01-31T12:00:00Z",
            "end_date": None,
            "resource_types": [],
        }
    ],
    "workflows": [
        {
            "workflow_id": "9a3f0a52-9b6b-5f6e-8a55-1b3c1d4b6c0e",
            "name": "create_port",
            "target": "CREATE",
            "is_task": False,
            "description": "Create port",
            "created_at": "2030-01-31T12:00:00Z",
        }
    ],
}
DETAIL_EXAMPLE = {**EXAMPLE, "version": 1, "schema": {"type": "object", "title": "port 10G", "properties": {}}}


@extend_schema_serializer(component_name="Product", examples=[OpenApiExample("A product", value=EXAMPLE)])
class ProductShape(serializers.Serializer[Any]):
    """A product in a list."""

    product_id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField()
    product_type = serializers.CharField()
    tag = serializers.CharField()
    status = serializers.ChoiceField(ProductStatus.choices)
    created_at = serializers.DateTimeField()
    end_date = serializers.DateTimeField(allow_null=True)
    fixed_inputs = FixedInputShape(many=True)
    product_blocks = ProductBlockShape(many=True)
    workflows = ProductWorkflowShape(many=True)


@extend_schema_serializer(component_name="ProductDetail", examples=[OpenApiExample("A product", value=DETAIL_EXAMPLE)])
class ProductDetailShape(ProductShape):
    """A product with its published model; both null before it is published for the first time."""

    version = serializers.IntegerField(allow_null=True)
    schema = serializers.DictField(allow_null=True)


@extend_schema_serializer(
    component_name="ProductChange",
    examples=[OpenApiExample("Phase out", value={"status": "phase out"}, request_only=True)],
)
class ProductChange(serializers.Serializer[Any]):
    """Fields that can be changed over REST; at least one is required."""

    description = serializers.CharField(max_length=2000, required=False)
    status = serializers.ChoiceField(ProductStatus.choices, required=False)

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else set()
        if unknown:
            raise serializers.ValidationError({name: ["Unknown field."] for name in sorted(unknown)})
        return super().to_internal_value(data)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs:
            raise serializers.ValidationError("A description, a status or both are required.")
        return attrs


WINDOW_PARAMETERS = [
    OpenApiParameter("range", str, description="`0,25`: rows from the first number up to the second; counts them."),
    OpenApiParameter("limit", int, description="Maximum number of rows (default and at most 1000)."),
    OpenApiParameter("offset", int, description="Number of rows to skip."),
    OpenApiParameter("count", str, description="`exact` (or `true`): count every row for Content-Range."),
]
LIST_PARAMETERS = [
    OpenApiParameter("range", str, description="`0,25`: rows from the first number up to the second; counts them."),
    OpenApiParameter("sort", str, description="`created_at,desc` or `-created_at`; several joined by commas."),
    OpenApiParameter("filter", str, description="Pairs of field and value: `status,active-phase out,tag,PORT`."),
    OpenApiParameter("limit", int, description="Maximum number of rows (default and at most 1000)."),
    OpenApiParameter("offset", int, description="Number of rows to skip."),
    OpenApiParameter("count", str, description="`exact` (or `true`): count every row for Content-Range."),
    OpenApiParameter("search", str, description="Text in name, description, type or tag."),
    OpenApiParameter("product_id", str, description="Exact value."),
    OpenApiParameter("name", str, description="Contains this text."),
    OpenApiParameter("description", str, description="Contains this text."),
    OpenApiParameter("tag", str, description="Exact tag."),
    OpenApiParameter("product_type", str, description="Exact type."),
    OpenApiParameter("status", str, many=True, enum=ProductStatus.values, description="Any of these statuses."),
]
