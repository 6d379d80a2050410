"""Endpoints of what products are made of: product blocks and resource types, to be read and described."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from processes.access.permissions import Action
from processes.api.requests import members
from processes.lists.paging import Order
from processes.lists.rest import MAX_LIMIT, list_response, part_of, window
from products import actions
from products.api.rows import block_row, resource_type_row
from products.api.serializers import WINDOW_PARAMETERS, BlockShape, DescriptionChange, ResourceTypeShape
from products.models import ProductBlock, ResourceType

LONGEST_DESCRIPTION = 2000


class BlockList(APIView):
    """All product blocks, by name."""

    action = Action.VIEW

    @extend_schema(
        operation_id="product_blocks_list",
        summary="List product blocks",
        parameters=WINDOW_PARAMETERS,
        responses=BlockShape(many=True),
        filters=False,
    )
    def get(self, request: Request) -> HttpResponse:
        return _listed(request, _blocks(), block_row, "product_blocks")


class BlockOne(APIView):
    """One product block with the resource types of its fields."""

    actions = {"GET": Action.VIEW, "PATCH": Action.EDIT_CATALOGUE}

    @extend_schema(operation_id="product_blocks_retrieve", summary="Read a product block", responses=BlockShape)
    def get(self, request: Request, product_block_id: UUID) -> Response:
        return Response(block_row(_found(_blocks(), product_block_id, "product block")))

    @extend_schema(
        operation_id="product_blocks_change",
        summary="Change the description",
        request=DescriptionChange,
        responses={201: BlockShape},
    )
    def patch(self, request: Request, product_block_id: UUID) -> Response:
        """Returns 201, as the Workflow Orchestrator does; products that have the block get a new version."""
        _describe(request, ProductBlock, product_block_id, "product block")
        return Response(block_row(_blocks().get(pk=product_block_id)), status=201)


class ResourceTypeList(APIView):
    """All resource types, by name."""

    action = Action.VIEW

    @extend_schema(
        operation_id="resource_types_list",
        summary="List resource types",
        parameters=WINDOW_PARAMETERS,
        responses=ResourceTypeShape(many=True),
        filters=False,
    )
    def get(self, request: Request) -> HttpResponse:
        return _listed(request, ResourceType.objects.all(), resource_type_row, "resource_types")


class ResourceTypeOne(APIView):
    """One resource type."""

    actions = {"GET": Action.VIEW, "PATCH": Action.EDIT_CATALOGUE}

    @extend_schema(operation_id="resource_types_retrieve", summary="Read a resource type", responses=ResourceTypeShape)
    def get(self, request: Request, resource_type_id: UUID) -> Response:
        return Response(resource_type_row(_found(ResourceType.objects.all(), resource_type_id, "resource type")))

    @extend_schema(
        operation_id="resource_types_change",
        summary="Change the description",
        request=DescriptionChange,
        responses={201: ResourceTypeShape},
    )
    def patch(self, request: Request, resource_type_id: UUID) -> Response:
        """Returns 201, as the Workflow Orchestrator does."""
        _describe(request, ResourceType, resource_type_id, "resource type")
        return Response(resource_type_row(ResourceType.objects.get(pk=resource_type_id)), status=201)


def _blocks() -> QuerySet[ProductBlock]:
    return ProductBlock.objects.prefetch_related("fields__resource_type")


def _listed(request: Request, rows: QuerySet[Any], row_of: Any, unit: str) -> HttpResponse:
    """A part of the rows by name; without a range or a limit, up to 1000 of them."""
    part = part_of(rows.all(), Order((), ("name", "pk")), window(request.query_params, most=MAX_LIMIT))
    found = rows.in_bulk(part.keys)
    told: list[Mapping[str, Any]] = [row_of(found[key]) for key in part.keys if key in found]
    return list_response(request._request, told, part, unit)


def _found(rows: QuerySet[Any], key: UUID, what: str) -> Any:
    row = rows.filter(pk=key).first()
    if row is None:
        raise NotFound(f"There is no {what} {key}.")
    return row


def _describe(request: Request, model: type[ProductBlock] | type[ResourceType], key: UUID, what: str) -> None:
    """Set the description that the body gives. Raises NotFound, ValidationError."""
    text = members(request, {"description": str})["description"]
    if len(text) > LONGEST_DESCRIPTION:
        raise ValidationError({"description": [f"Must have at most {LONGEST_DESCRIPTION} characters."]})
    try:
        actions.describe(model, key, text, by=request.user.get_username())
    except (ProductBlock.DoesNotExist, ResourceType.DoesNotExist) as error:
        raise NotFound(f"There is no {what} {key}.") from error
    except actions.CatalogueInvalid as error:
        raise ValidationError({"description": [str(problem) for problem in error.problems]}) from error
    except actions.CatalogueChangeRefused as refused:
        raise ValidationError({"description": [refused.reason]}) from refused
