"""Endpoints of products: list, one, change of description and status."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from processes.access.permissions import Action, visible
from processes.lists.rest import MAX_LIMIT, Listing, list_response
from products import actions, queries
from products.api.rows import product_detail, product_row, workflows_of
from products.api.serializers import LIST_PARAMETERS, ProductChange, ProductDetailShape, ProductShape
from products.models import Product, ProductStatus
from products.queries.filters import ProductApiFilter

_FIELDS = ("name", "description", "product_type", "tag", "status", "created_at", "end_date")
LISTING = Listing(
    unit="products",
    sortable={"product_id": "pk", **{name: name for name in _FIELDS}},
    filter_set=ProductApiFilter,
    filters={name: name for name in ProductApiFilter.base_filters},
    default_order=("name", "pk"),
)


class ProductList(APIView):
    """All products, by name; without a range or a limit, up to 1000 of them."""

    action = Action.VIEW

    @extend_schema(
        operation_id="products_list",
        summary="List products",
        parameters=LIST_PARAMETERS,
        responses=ProductShape(many=True),
        filters=False,
    )
    def get(self, request: Request) -> HttpResponse:
        """A JSON array."""
        part = LISTING.part(visible(Product.objects.all(), request.user), request.query_params, most=MAX_LIMIT)
        products = queries.products().in_bulk(part.keys)
        workflows = workflows_of(products.values())
        rows = [product_row(products[one], workflows) for one in part.keys if one in products]
        return list_response(request._request, rows, part, LISTING.unit)


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
        """Returns 201 with the product, as the Workflow Orchestrator does; 400 for end of life while it is in use."""
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
    return product_detail(product, workflows_of([product]), queries.published_schema(product_id))
