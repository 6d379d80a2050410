"""What the subscription endpoints take and give, for the OpenAPI description only; the rows come from `queries`."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, inline_serializer
from rest_framework import serializers

_SUBSCRIPTION = "f2c7d1c4-0f5e-4c1a-8a43-2f2a4a8f7c55"
_INSTANCE = "b1e4a7de-35f3-46c4-9a39-4a1a4d0e6a01"
_PRODUCT = "3f0d6c1e-7f0e-4b8e-9b36-5d1c2d1f9b11"
_CUSTOMER = "0b1a3d6e-2a52-4c38-8a0e-7d5a51a3c001"


class SubscriptionProduct(serializers.Serializer[Any]):
    """The product of a subscription."""

    product_id = serializers.UUIDField()
    name = serializers.CharField()
    description = serializers.CharField()
    product_type = serializers.CharField()
    tag = serializers.CharField()
    status = serializers.CharField()
    created_at = serializers.DateTimeField()
    end_date = serializers.DateTimeField(allow_null=True)


class CustomerShape(serializers.Serializer[Any]):
    """The customer of a subscription."""

    customer_id = serializers.CharField()
    fullname = serializers.CharField()
    shortcode = serializers.CharField()


class SubscriptionRow(serializers.Serializer[Any]):
    """A subscription as lists show it."""

    subscription_id = serializers.UUIDField()
    description = serializers.CharField()
    status = serializers.CharField()
    insync = serializers.BooleanField()
    customer_id = serializers.CharField()
    product_id = serializers.UUIDField()
    note = serializers.CharField(allow_null=True)
    start_date = serializers.DateTimeField(allow_null=True)
    end_date = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField()
    product = SubscriptionProduct()
    customer = CustomerShape()


class StartableWorkflow(serializers.Serializer[Any]):
    """A workflow of the product; when it cannot be started now, with a reason as a word and as a sentence."""

    name = serializers.CharField()
    description = serializers.CharField()
    reason = serializers.CharField(required=False)
    reason_text = serializers.CharField(required=False)
    blockers = serializers.ListField(child=serializers.DictField(), required=False)
    usable_when = serializers.ListField(child=serializers.CharField(), required=False)
    status = serializers.CharField(required=False)
    action = serializers.CharField(required=False)
    locked_relations = serializers.ListField(child=serializers.UUIDField(), required=False)
    locked_relations_detail = serializers.ListField(child=serializers.DictField(), required=False)
    unterminated_in_use_by_subscriptions = serializers.ListField(child=serializers.UUIDField(), required=False)
    unterminated_in_use_by_subscriptions_detail = serializers.ListField(child=serializers.DictField(), required=False)


class VersionShape(serializers.Serializer[Any]):
    """One change of a subscription; `process_id` and `step_path` are null when no process or step made it."""

    version = serializers.IntegerField()
    at = serializers.DateTimeField()
    by = serializers.CharField()
    process_id = serializers.UUIDField(allow_null=True)
    step_path = serializers.CharField(allow_null=True)


class DifferenceShape(serializers.Serializer[Any]):
    """A fact that differs from reality, and since when it has."""

    fact = serializers.CharField()
    expected = serializers.JSONField()
    actual = serializers.JSONField()
    since = serializers.DateTimeField()


class ValidationShape(serializers.Serializer[Any]):
    """What a workflow found when it last compared the subscription with reality; no differences when all agreed."""

    workflow_name = serializers.CharField()
    process_id = serializers.UUIDField()
    validated_at = serializers.DateTimeField()
    differences = DifferenceShape(many=True)


class ChangeShape(serializers.Serializer[Any]):
    """One place that differs: added, changed or removed; null stands for no value."""

    path = serializers.CharField()
    kind = serializers.CharField()
    before = serializers.JSONField()
    after = serializers.JSONField()


ComparisonShape = inline_serializer(
    "Comparison",
    {
        "subscription_id": serializers.UUIDField(),
        "from": serializers.IntegerField(),
        "to": serializers.IntegerField(),
        "changes": ChangeShape(many=True),
    },
)
TREE = {"type": "object", "additionalProperties": True}
STARTABLE = inline_serializer(
    "StartableWorkflows",
    {
        target: StartableWorkflow(many=True)
        for target in ("create", "modify", "terminate", "validate", "reconcile", "system")
    },
)
PROBLEM = inline_serializer(
    "UnfinishedProblem",
    {
        "type": serializers.CharField(),
        "title": serializers.CharField(),
        "status": serializers.IntegerField(),
        "detail": serializers.CharField(),
        "processes": serializers.ListField(child=serializers.DictField()),
    },
)
_PRODUCT_EXAMPLE = {
    "product_id": _PRODUCT,
    "name": "node Cisco",
    "description": "Cisco router",
    "product_type": "Node",
    "tag": "NODE",
    "status": "active",
}
_OWN_EXAMPLE = {
    "subscription_id": _SUBSCRIPTION,
    "description": "node loc1-core1 (active)",
    "status": "active",
    "insync": True,
    "customer_id": _CUSTOMER,
    "note": None,
    "start_date": "2026-11-21T10:00:02Z",
    "end_date": None,
    "version": 6,
}
_CUSTOMER_EXAMPLE = {"customer_id": _CUSTOMER, "fullname": "SURF", "shortcode": "surf"}
LIST_EXAMPLE = OpenApiExample(
    "A subscription",
    response_only=True,
    value={
        **_OWN_EXAMPLE,
        "product_id": _PRODUCT,
        "product": {**_PRODUCT_EXAMPLE, "created_at": "2026-11-01T08:00:00Z", "end_date": None},
        "customer": _CUSTOMER_EXAMPLE,
    },
)
CUSTOMER_EXAMPLE = OpenApiExample("A customer", response_only=True, value=_CUSTOMER_EXAMPLE)
TREE_EXAMPLE = OpenApiExample(
    "A node",
    response_only=True,
    value={
        **_OWN_EXAMPLE,
        "product": _PRODUCT_EXAMPLE,
        "node_type": "Cisco",
        "node": {
            "subscription_instance_id": _INSTANCE,
            "owner_subscription_id": _SUBSCRIPTION,
            "name": "Node",
            "label": None,
            "in_use_by_ids": [],
            "in_use_by_relations": [],
            "node_name": "loc1-core1",
            "ims_id": 7,
            "title": "node loc1-core1 status active",
        },
    },
)
STARTABLE_EXAMPLE = OpenApiExample(
    "What can be started",
    response_only=True,
    value={
        "create": [],
        "modify": [{"name": "modify_note", "description": "Modify note"}],
        "terminate": [
            {
                "name": "terminate_node",
                "description": "Terminate node",
                "reason": "subscription.no_modify_subscription_in_use_by_others",
                "reason_text": "The subscription is in use by: port 1/1.",
                "blockers": [{"kind": "subscription", "id": _INSTANCE, "label": "port 1/1"}],
                "unterminated_in_use_by_subscriptions": [_INSTANCE],
                "unterminated_in_use_by_subscriptions_detail": [
                    {"subscription_id": _INSTANCE, "subscription_description": "port 1/1", "description": "port 1/1"}
                ],
                "action": "terminated",
            }
        ],
        "validate": [],
        "reconcile": [],
        "system": [],
    },
)
UNFINISHED_EXAMPLE = OpenApiExample(
    "A process is unfinished",
    response_only=True,
    status_codes=["422"],
    value={
        "type": "UnfinishedProcesses",
        "title": "Not possible now",
        "status": 422,
        "detail": "The subscription cannot be set in sync while these processes are unfinished: modify_node (…).",
        "processes": [{"process_id": _INSTANCE, "workflow_name": "modify_node"}],
    },
)
VERSION_EXAMPLE = OpenApiExample(
    "A version",
    response_only=True,
    value={
        "version": 3,
        "at": "2026-11-21T10:00:01Z",
        "by": "operator",
        "process_id": _INSTANCE,
        "step_path": "create-node-in-inventory",
    },
)
VALIDATION_EXAMPLE = OpenApiExample(
    "A validation that found drift",
    response_only=True,
    value={
        "workflow_name": "validate_node",
        "process_id": _INSTANCE,
        "validated_at": "2026-11-21T02:30:01Z",
        "differences": [{"fact": "status", "expected": "active", "actual": "planned", "since": "2026-11-20T02:30:02Z"}],
    },
)
COMPARE_EXAMPLE = OpenApiExample(
    "What a step changed",
    response_only=True,
    value={
        "subscription_id": _SUBSCRIPTION,
        "from": 2,
        "to": 3,
        "changes": [{"path": "node.ims_id", "kind": "added", "before": None, "after": 7}],
    },
)
COMPARE_PARAMETERS = [
    OpenApiParameter("from", int, required=True, description="The number of one version."),
    OpenApiParameter("to", int, required=True, description="The number of another."),
]
WINDOW_PARAMETERS = [
    OpenApiParameter("range", str, description="`0,25`: rows from the first number up to the second; counts them."),
    OpenApiParameter("limit", int, description="Maximum number of rows (default 100, at most 1000)."),
    OpenApiParameter("offset", int, description="Number of rows to skip."),
    OpenApiParameter("count", str, description="`exact` (or `true`): count every row for Content-Range."),
]
LIST_PARAMETERS = [
    *WINDOW_PARAMETERS,
    OpenApiParameter("sort", str, description="`start_date,desc` or `-start_date`; several joined by commas."),
    OpenApiParameter("filter", str, description="Pairs of field and value: `status,active-provisioning,tag,NODE`."),
    OpenApiParameter("search", str, description="Text in description, note, product or customer; or an id."),
    OpenApiParameter("status", str, many=True),
    OpenApiParameter("insync", bool),
    OpenApiParameter("product", str, description="Name or id of a product."),
    OpenApiParameter("product_type", str),
    OpenApiParameter("tag", str, description="Tag of the product."),
    OpenApiParameter("customer", str, description="Full name, short code or id of a customer."),
    OpenApiParameter("description", str, description="Contains this text."),
    OpenApiParameter("note", str, description="Contains this text."),
    OpenApiParameter("started_after", str, description="ISO 8601."),
    OpenApiParameter("started_before", str, description="ISO 8601."),
]
