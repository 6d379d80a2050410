"""Endpoints of products: list, one, change of description and status."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from processes.permissions import Action
from products import actions, queries
from products.api.rows import product_detail, product_row
from products.api.serializers import ProductChange, ProductDetailShape, ProductShape
from products.filters import ProductFilter, refusals
from products.models import Product, ProductStatus


class ProductList(APIView):
    """All products, by name."""

    action = Action.VIEW

    @extend_schema(
        operation_id="products_list",
        summary="List products",
        parameters=[
            OpenApiParameter("tag", str, description="Only this tag."),
            OpenApiParameter("product_type", str, description="Only this type."),
            OpenApiParameter("status", str, enum=ProductStatus.values, description="Only this status."),
            OpenApiParameter("search", str, description="Words in name, description, type or tag."),
        ],
        responses=ProductShape(many=True),
    )
    def get(self, request: Request) -> Response:
        """A JSON array."""
        filters = ProductFilter(request.query_params, queryset=queries.products())
        if found := refusals(filters):
            raise ValidationError(found)
        return Response([product_row(product) for product in filters.qs])


class ProductOne(APIView):
    """One product."""

    actions = {"GET": Action.VIEW, "PATCH": Action.EDIT_CATALOGUE}

    @extend_schema(operation_id="products_retrieve", summary="Read a product", responses=ProductDetailShape)
    def get(self, request: Request, product_id: UUID) -> Response:
        """The product with its published model."""
        return Response(_detail(product_id))

    @extend_schema(
        operation_id="products_change",
        summary="Change description or status",
        request=ProductChange,
        responses={201: ProductDetailShape},
    )
    def patch(self, request: Request, product_id: UUID) -> Response:
        """Answers 201 with the product, as the Workflow Orchestrator does; 400 for an end of life while in use."""
        change = ProductChange(data=request.data)
        change.is_valid(raise_exception=True)
        wanted: dict[str, Any] = dict(change.validated_data)
        if "status" in wanted:
            wanted["status"] = ProductStatus(wanted["status"])
        try:
            actions.update_product(product_id, by=request.user.get_username(), **wanted)
        except Product.DoesNotExist as error:
            raise NotFound(f"There is no product {product_id}.") from error
        except actions.CatalogueChangeRefused as refused:
            raise ValidationError({"status": [refused.reason]}) from refused
        return Response(_detail(product_id), status=status.HTTP_201_CREATED)


def _detail(product_id: UUID) -> dict[str, Any]:
    product = queries.products().filter(pk=product_id).first()
    if product is None:
        raise NotFound(f"There is no product {product_id}.")
    return product_detail(product, queries.published_schema(product_id))
