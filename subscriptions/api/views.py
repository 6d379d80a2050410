"""Subscriptions over REST: fetch, call, answer. What goes wrong is let pass to the site's problem details."""

import hashlib
import re
from uuid import UUID

import orjson
from django.http import HttpResponse, HttpResponseNotModified
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from processes.access.permissions import Action, visible
from processes.api.requests import members
from processes.lists.paging import Column, Order, beginning
from processes.lists.rest import MAX_LIMIT, Listing, list_response, part_of, window
from subscriptions import actions, queries
from subscriptions.api import schema
from subscriptions.api.rows import domain_model, list_rows, validation_rows
from subscriptions.api.start_options import by_target
from subscriptions.models import Customer, Subscription
from subscriptions.queries import history
from subscriptions.queries.filters import SubscriptionApiFilter
from subscriptions.queries.validations import verdicts

_NAMES: dict[str, Column] = {
    "subscription_id": "pk",
    "description": beginning("description"),
    "status": "status",
    "insync": "insync",
    "note": beginning("note"),
    "start_date": "start_date",
    "end_date": "end_date",
    "created_at": "created_at",
    "version": "version",
    "product": "product__name",
    "product_name": "product__name",
    "product_type": "product__product_type",
    "tag": "product__tag",
    "customer": "customer__fullname",
}
LISTING = Listing(
    unit="subscriptions",
    sortable=_NAMES,
    filter_set=SubscriptionApiFilter,
    filters={name: name for name in SubscriptionApiFilter.base_filters},
    default_order=("-created_at", "pk"),
)
_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


class SubscriptionList(APIView):
    """Every subscription, the newest first."""

    action = Action.VIEW

    @extend_schema(
        operation_id="subscriptions_list",
        parameters=schema.LIST_PARAMETERS,
        responses=schema.SubscriptionRow(many=True),
        examples=[schema.LIST_EXAMPLE],
        filters=False,
    )
    def get(self, request: Request) -> HttpResponse:
        part = LISTING.part(visible(Subscription.objects.all(), request.user), request.query_params)
        return list_response(request._request, list_rows(part.keys), part, LISTING.unit)


class DomainModel(APIView):
    """One whole subscription with its nested blocks; 304 to a client that has this version already."""

    action = Action.VIEW

    @extend_schema(
        operation_id="subscriptions_domain_model", responses={200: schema.TREE}, examples=[schema.TREE_EXAMPLE]
    )
    def get(self, request: Request, subscription_id: UUID) -> HttpResponse:
        body = orjson.dumps(domain_model(subscription_id), option=_OPTIONS)
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        if etag in request.headers.get("If-None-Match", ""):
            return HttpResponseNotModified(headers={"ETag": etag})
        return HttpResponse(body, content_type="application/json", headers={"ETag": etag})


class Startable(APIView):
    """The workflows of a subscription by target, with a reason where one cannot be started."""

    action = Action.VIEW

    @extend_schema(
        operation_id="subscriptions_workflows", responses=schema.STARTABLE, examples=[schema.STARTABLE_EXAMPLE]
    )
    def get(self, request: Request, subscription_id: UUID) -> Response:
        return Response(by_target(queries.startable(subscription_id, request.user)))


class VersionList(APIView):
    """Every version of a subscription, the newest first: who made it, when, and in which process and step."""

    action = Action.VIEW

    @extend_schema(
        operation_id="subscriptions_versions",
        parameters=schema.WINDOW_PARAMETERS,
        responses=schema.VersionShape(many=True),
        examples=[schema.VERSION_EXAMPLE],
        filters=False,
    )
    def get(self, request: Request, subscription_id: UUID) -> HttpResponse:
        versions = history.version_list(subscription_id)
        part = part_of(versions, Order((), ("-number",)), window(request.query_params))
        if not part.keys and not versions.exists():
            raise queries.UnknownSubscription(subscription_id)
        return list_response(request._request, history.version_rows(versions, part.keys), part, "versions")


class Compare(APIView):
    """What differs between two versions of a subscription; references to others' blocks are objects with ids."""

    action = Action.VIEW

    @extend_schema(
        operation_id="subscriptions_compare",
        parameters=schema.COMPARE_PARAMETERS,
        responses=schema.ComparisonShape,
        examples=[schema.COMPARE_EXAMPLE],
    )
    def get(self, request: Request, subscription_id: UUID) -> HttpResponse:
        before, after = (version_of(request, name) for name in ("from", "to"))
        changes = history.compare(subscription_id, before, after)
        body = {
            "subscription_id": subscription_id,
            "from": before,
            "to": after,
            "changes": [history.change_row(change) for change in changes],
        }
        return HttpResponse(orjson.dumps(body, option=_OPTIONS), content_type="application/json")


class ValidationList(APIView):
    """The last verdict of each validation of a subscription, the latest first, with the drift that it found."""

    action = Action.VIEW

    @extend_schema(
        operation_id="subscriptions_validations",
        responses=schema.ValidationShape(many=True),
        examples=[schema.VALIDATION_EXAMPLE],
        filters=False,
    )
    def get(self, request: Request, subscription_id: UUID) -> Response:
        if not visible(Subscription.objects.filter(pk=subscription_id), request.user).exists():
            raise queries.UnknownSubscription(subscription_id)
        return Response(validation_rows(verdicts(subscription_id)))


class SetInSync(APIView):
    """Mark a subscription as in sync; refused while a process on it is unfinished."""

    action = Action.SET_IN_SYNC

    @extend_schema(
        operation_id="subscriptions_set_in_sync",
        request=None,
        responses={200: None, 422: schema.PROBLEM},
        examples=[schema.UNFINISHED_EXAMPLE],
    )
    def put(self, request: Request, subscription_id: UUID) -> HttpResponse:
        members(request, {})
        try:
            actions.set_in_sync(subscription_id, by=request.user)
        except actions.UnfinishedProcesses as error:
            return _unfinished(error)
        return Response(status=200)


class CustomerList(APIView):
    """Every customer, by full name; without a range or a limit, up to 1000 of them."""

    action = Action.VIEW

    @extend_schema(
        operation_id="customers_list",
        parameters=schema.WINDOW_PARAMETERS,
        responses=schema.CustomerShape(many=True),
        examples=[schema.CUSTOMER_EXAMPLE],
        filters=False,
    )
    def get(self, request: Request) -> HttpResponse:
        part = part_of(
            visible(Customer.objects.all(), request.user),
            Order((), ("fullname", "pk")),
            window(request.query_params, most=MAX_LIMIT),
        )
        found = Customer.objects.in_bulk(part.keys)
        rows = [
            {"customer_id": one.pk, "fullname": one.fullname, "shortcode": one.shortcode}
            for one in (found[key] for key in part.keys if key in found)
        ]
        return list_response(request._request, rows, part, "customers")


def version_of(request: Request, name: str) -> int:
    """The number of a version in the query string. Raises ValidationError naming the parameter."""
    text = request.query_params.get(name, "")
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ValidationError({name: ["A version number is required."]})
    return int(text)


def _unfinished(error: actions.UnfinishedProcesses) -> HttpResponse:
    problem = {
        "type": "UnfinishedProcesses",
        "title": "Not possible now",
        "status": 422,
        "detail": str(error),
        "processes": [
            {"process_id": str(process_id), "workflow_name": workflow} for process_id, workflow in error.processes
        ],
    }
    return HttpResponse(orjson.dumps(problem), status=422, content_type="application/problem+json")
