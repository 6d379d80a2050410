"""What interventions take and give, for the OpenAPI description only."""

from drf_spectacular.utils import OpenApiExample, inline_serializer
from rest_framework import serializers

SKIP = inline_serializer(
    "SkipStep",
    {
        "reason": serializers.CharField(max_length=2000),
        "result": serializers.DictField(required=False, allow_null=True),
    },
)
EDIT = inline_serializer(
    "EditState", {"reason": serializers.CharField(max_length=2000), "changes": serializers.DictField()}
)
CONTINUE = inline_serializer(
    "ContinueAt",
    {
        "reason": serializers.CharField(max_length=2000),
        "path": serializers.CharField(allow_blank=True, help_text="Path of a step; empty for the end of the workflow."),
    },
)
COUNT = inline_serializer("ResumedTasks", {"count": serializers.IntegerField()})

_NO_REASON = OpenApiExample(
    "Without a reason",
    response_only=True,
    status_codes=["400"],
    value={
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "Invalid value: reason.",
        "errors": {"reason": ["A reason is required."]},
    },
)
SKIP_EXAMPLES = [
    OpenApiExample(
        "Done by hand", request_only=True, value={"reason": "Made by hand, ticket 4711.", "result": {"device_id": 7}}
    ),
    _NO_REASON,
]
EDIT_EXAMPLES = [
    OpenApiExample(
        "Another address",
        request_only=True,
        value={"reason": "The address was taken.", "changes": {"address": "10.0.0.8"}},
    ),
    _NO_REASON,
]
CONTINUE_EXAMPLES = [
    OpenApiExample(
        "Behind the new step",
        request_only=True,
        value={"reason": "This node has no interfaces to reserve.", "path": "create-device"},
    ),
    _NO_REASON,
]
COUNT_EXAMPLES = [OpenApiExample("Retried", value={"count": 3}, response_only=True)]
