"""What the process endpoints take and give, for the OpenAPI description only; the rows come from `queries`."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, inline_serializer
from rest_framework import serializers

from processes.engine.values.status import Target

_ID = "9c3f8e52-6a0b-4a7e-9c71-9d3c5f1f8a10"
_SUBSCRIPTION = "f2c7d1c4-0f5e-4c1a-8a43-2f2a4a8f7c55"
_PRODUCT = "3f0d6c1e-7f0e-4b8e-9b36-5d1c2d1f9b11"
_CUSTOMER = "0b1a3d6e-2a52-4c38-8a0e-7d5a51a3c001"
TARGETS = [target.upper() for target in Target]


class Subscription(serializers.Serializer[Any]):
    """A subscription as its own list shows it; of one that is gone only its id and what it was called."""

    subscription_id = serializers.UUIDField()
    description = serializers.CharField()
    status = serializers.CharField(required=False)
    insync = serializers.BooleanField(required=False)
    customer_id = serializers.UUIDField(required=False)
    product_id = serializers.UUIDField(required=False)
    note = serializers.CharField(allow_null=True, required=False)
    start_date = serializers.DateTimeField(allow_null=True, required=False)
    end_date = serializers.DateTimeField(allow_null=True, required=False)
    version = serializers.IntegerField(required=False)
    product = serializers.DictField(required=False)
    customer = serializers.DictField(required=False)


class ProcessRow(serializers.Serializer[Any]):
    """A process as lists show it."""

    process_id = serializers.UUIDField()
    workflow_id = serializers.UUIDField()
    workflow_name = serializers.CharField()
    workflow_target = serializers.ChoiceField(TARGETS)
    product_id = serializers.UUIDField(allow_null=True, help_text="The product of the first subscription.")
    customer_id = serializers.UUIDField(allow_null=True, help_text="The customer of the first subscription.")
    is_task = serializers.BooleanField()
    last_status = serializers.CharField()
    last_step = serializers.CharField(allow_null=True)
    failed_reason = serializers.CharField(allow_null=True)
    created_by = serializers.CharField()
    assignee = serializers.CharField()
    waits_for = serializers.CharField(allow_null=True, help_text="The external system that the process waits for.")
    note = serializers.CharField(allow_null=True)
    started_at = serializers.DateTimeField()
    last_modified_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    subscriptions = Subscription(many=True)
    subjects = serializers.ListField(child=serializers.DictField(), help_text="Rows of kind, id and label.")


class Step(serializers.Serializer[Any]):
    """One attempt of a step; steps that have not run yet are `pending`."""

    step_id = serializers.UUIDField(allow_null=True)
    name = serializers.CharField()
    path = serializers.CharField()
    kind = serializers.CharField()
    visit = serializers.IntegerField()
    attempt = serializers.IntegerField()
    status = serializers.CharField()
    started = serializers.DateTimeField(allow_null=True)
    completed = serializers.DateTimeField(allow_null=True)
    started_at = serializers.DateTimeField(allow_null=True, help_text="The same as `started`.")
    completed_at = serializers.DateTimeField(allow_null=True, help_text="The same as `completed`.")
    state = serializers.DictField(
        allow_null=True, help_text="The state afterwards, or the error; null where it is too long ago or too much."
    )
    state_delta = serializers.DictField(allow_null=True)
    error = serializers.DictField(allow_null=True)
    progress = serializers.JSONField(help_text="What the step has reported; null when nothing.")
    created_by = serializers.CharField(allow_null=True)
    worker = serializers.CharField(allow_null=True)
    reason = serializers.CharField(
        allow_null=True, help_text="The reason that a person gave for a skip or a state edit."
    )


class ProcessDetail(ProcessRow):
    """One process, its steps and its state; `form` is the JSON Schema of the page that a suspended one waits for."""

    workflow_description = serializers.CharField()
    error_class = serializers.CharField(allow_null=True)
    traceback = serializers.CharField(allow_null=True)
    current_state = serializers.DictField()
    steps = Step(many=True)
    form = serializers.DictField(allow_null=True)
    user_permissions = serializers.DictField(child=serializers.BooleanField())


class StatusCounts(serializers.Serializer[Any]):
    process_counts = serializers.DictField(child=serializers.IntegerField())
    task_counts = serializers.DictField(child=serializers.IntegerField())


STARTED = inline_serializer("ProcessStarted", {"id": serializers.UUIDField()})
PAGES = serializers.ListSerializer[Any](child=serializers.DictField())
ABORT = inline_serializer("AbortProcess", {"reason": serializers.CharField(max_length=2000, required=False)})
NOTE = inline_serializer("ProcessNote", {"note": serializers.CharField(allow_null=True, max_length=5000)})
PROBLEM = inline_serializer(
    "Problem",
    {
        "type": serializers.CharField(),
        "title": serializers.CharField(),
        "status": serializers.IntegerField(),
        "detail": serializers.CharField(),
    },
)

_EXAMPLE_ROW = {
    "process_id": _ID,
    "workflow_id": "7f0d6c1e-1f0e-5b8e-9b36-5d1c2d1f9b17",
    "workflow_name": "create_node",
    "workflow_target": "CREATE",
    "product_id": _PRODUCT,
    "customer_id": _CUSTOMER,
    "is_task": False,
    "last_status": "completed",
    "last_step": "Set subscription status to active",
    "failed_reason": None,
    "created_by": "operator",
    "assignee": "SYSTEM",
    "waits_for": None,
    "note": None,
    "started_at": "2026-11-21T10:00:00Z",
    "last_modified_at": "2026-11-21T10:00:02.5Z",
    "ended_at": "2026-11-21T10:00:02.5Z",
    "subscriptions": [
        {
            "subscription_id": _SUBSCRIPTION,
            "description": "node loc1-core1",
            "status": "active",
            "insync": True,
            "customer_id": _CUSTOMER,
            "product_id": _PRODUCT,
            "version": 6,
        }
    ],
    "subjects": [{"kind": "subscription", "id": _SUBSCRIPTION, "label": "node loc1-core1"}],
}
_EXAMPLE_STEP = {
    "step_id": "2f0d6c1e-1f0e-5b8e-9b36-5d1c2d1f9b12",
    "name": "Create device in the inventory",
    "path": "create-device",
    "kind": "step",
    "visit": 1,
    "attempt": 1,
    "status": "success",
    "started": "2026-11-21T10:00:01Z",
    "completed": "2026-11-21T10:00:01.2Z",
    "started_at": "2026-11-21T10:00:01Z",
    "completed_at": "2026-11-21T10:00:01.2Z",
    "state": {"subscription_id": _SUBSCRIPTION, "device_id": 7},
    "state_delta": {"device_id": 7},
    "error": None,
    "progress": None,
    "created_by": "SYSTEM",
    "worker": "host-1-4242",
    "reason": None,
}
LIST_EXAMPLE = OpenApiExample("A process", value=_EXAMPLE_ROW, response_only=True)
DETAIL_EXAMPLE = OpenApiExample(
    "A finished process",
    response_only=True,
    value={
        **_EXAMPLE_ROW,
        "workflow_description": "Create a node",
        "error_class": None,
        "traceback": None,
        "current_state": {"subscription_id": _SUBSCRIPTION, "device_id": 7},
        "steps": [_EXAMPLE_STEP],
        "form": None,
        "user_permissions": {
            "resume": True,
            "retry": True,
            "abort": True,
            "note": True,
            "skip": False,
            "edit_state": False,
        },
    },
)
START_EXAMPLES = [
    OpenApiExample("Ask for the form", value=[{"product": _PRODUCT}], request_only=True),
    OpenApiExample("Order a node", value=[{"product": _PRODUCT}, {"node_name": "loc1-core1"}, {}], request_only=True),
    OpenApiExample("Started", value={"id": _ID}, response_only=True, status_codes=["201"]),
    OpenApiExample(
        "The next page",
        response_only=True,
        status_codes=["510"],
        value={
            "type": "FormNotCompleteError",
            "title": "Form incomplete",
            "status": 510,
            "detail": "Page 2 of the form is required.",
            "form": {"title": "Node", "type": "object", "properties": {"node_name": {"type": "string"}}},
            "meta": {"hasNext": True},
        },
    ),
    OpenApiExample(
        "A wrong answer",
        response_only=True,
        status_codes=["400"],
        value={
            "type": "FormValidationError",
            "title": "Form invalid",
            "status": 400,
            "detail": "Page 2 of the form has 1 error.",
            "validation_errors": [{"type": "missing", "loc": ["node_name"], "msg": "Field required"}],
        },
    ),
]
RESUME_EXAMPLES = [
    OpenApiExample("Answer the form", value=[{"confirmed": True}], request_only=True),
    OpenApiExample("Retry", value=[], request_only=True),
]
NOTE_EXAMPLES = [OpenApiExample("A note", value={"note": "Waiting for the field engineer."})]
COUNTS_EXAMPLES = [
    OpenApiExample("Counts", value={"process_counts": {"completed": 12, "failed": 1}, "task_counts": {"completed": 3}})
]
ONCE = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="A unique string: a repeated request with the same key has one effect and gets the first response.",
)
AS_SEEN = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of the process as the caller saw it: 412 when anything has happened to it since.",
)
WINDOW_PARAMETERS = [
    OpenApiParameter("range", str, description="`0,25`: rows from the first number up to the second; counts them."),
    OpenApiParameter("limit", int, description="Maximum number of rows (default and at most 1000)."),
    OpenApiParameter("offset", int, description="Number of rows to skip."),
    OpenApiParameter("count", str, description="`exact` (or `true`): count every row for Content-Range."),
]
LIST_PARAMETERS = [
    OpenApiParameter("range", str, description="`0,25`: rows from the first number up to the second; counts them."),
    OpenApiParameter("sort", str, description="`started_at,desc` or `-started_at`; several joined by commas."),
    OpenApiParameter("filter", str, description="Pairs of field and value: `status,failed|waiting,target,CREATE`."),
    OpenApiParameter("limit", int, description="Maximum number of rows (default 100, at most 1000)."),
    OpenApiParameter("offset", int, description="Number of rows to skip."),
    OpenApiParameter("count", str, description="`exact` (or `true`): count every row for Content-Range."),
    OpenApiParameter("search", str, description="Text in workflow, note, user, reason or subject; or an id."),
    OpenApiParameter("status", str, many=True),
    OpenApiParameter("workflow", str, many=True, description="Name of a workflow."),
    OpenApiParameter("target", str, many=True),
    OpenApiParameter("created_by", str),
    OpenApiParameter("assignee", str),
    OpenApiParameter("is_task", bool),
    OpenApiParameter("process_id", str, description="An id, or its beginning."),
    OpenApiParameter("workflow_id", str),
    OpenApiParameter("subscription_id", str, description="An id, or its beginning."),
    OpenApiParameter("customer", str, description="Full name, short code or id of the customer of a subscription."),
    OpenApiParameter("product", str, description="Name or id of the product of a subscription."),
    OpenApiParameter("product_type", str),
    OpenApiParameter("tag", str, description="Tag of the product of a subscription."),
    OpenApiParameter("started_at", str, description="`>=2026-11-01T00:00:00Z`, `<2026-11-02`, or a day."),
    OpenApiParameter("last_modified_at", str, description="The same."),
    OpenApiParameter("ended_at", str, description="The same."),
    OpenApiParameter("last_step", str),
    OpenApiParameter("note", str),
    OpenApiParameter("started_after", str),
    OpenApiParameter("started_before", str),
]
