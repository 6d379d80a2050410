"""What clients of orchestrator-core 5.5 count on: members and types, transcribed from the OpenAPI that it publishes.

Facts only, in our own words: a member with `?` may be null. Moments are numbers there and ISO 8601 here, on purpose.
Left out is what it calls deprecated (`executed`), what it fills from tables that we do not have (`name`, `tag` and
`customer_descriptions` of a subscription), and `commit_hash`.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

Shape = Mapping[str, Any]
"""Members by name: the name of a kind of value, another shape, or a list with the shape of each item."""

TARGETS = ("CREATE", "MODIFY", "TERMINATE", "SYSTEM", "VALIDATE", "RECONCILE")
PRODUCT_BASE: Shape = {
    "product_id": "id",
    "name": "text",
    "description": "text",
    "product_type": "text",
    "status": "text",
    "tag": "text",
}
RESOURCE_TYPE: Shape = {"resource_type_id": "id", "resource_type": "text", "description": "text?"}
PRODUCT_BLOCK: Shape = {
    "product_block_id": "id",
    "name": "text",
    "description": "text",
    "tag": "text?",
    "status": "text",
    "created_at": "moment",
    "end_date": "moment?",
    "resource_types": [RESOURCE_TYPE],
}
WORKFLOW: Shape = {
    "workflow_id": "id",
    "name": "text",
    "target": "target",
    "is_task": "flag",
    "description": "text?",
    "created_at": "moment",
}
WORKFLOW_WITH_STEPS: Shape = {**WORKFLOW, "steps": [{"name": "text"}]}
PRODUCT: Shape = {
    **PRODUCT_BASE,
    "created_at": "moment",
    "end_date": "moment?",
    "product_blocks": [PRODUCT_BLOCK],
    "fixed_inputs": [
        {"fixed_input_id": "id", "name": "text", "value": "json", "product_id": "id", "created_at": "moment"}
    ],
    "workflows": [WORKFLOW],
}
SUBSCRIPTION: Shape = {
    "subscription_id": "id",
    "description": "text",
    "status": "text",
    "customer_id": "text",
    "product_id": "id",
    "insync": "flag",
    "note": "text?",
    "start_date": "moment?",
    "end_date": "moment?",
    "product": PRODUCT_BASE,
    "version": "number",
}
DOMAIN_MODEL: Shape = {name: kind for name, kind in SUBSCRIPTION.items() if name != "product_id"}
STEP: Shape = {
    "step_id": "id?",
    "name": "text",
    "status": "text",
    "created_by": "text?",
    "started": "moment?",
    "completed": "moment?",
    "state": "object?",
    "state_delta": "object?",
}
PROCESS: Shape = {
    "process_id": "id",
    "workflow_id": "id",
    "workflow_name": "text",
    "workflow_target": "target",
    "is_task": "flag",
    "created_by": "text?",
    "failed_reason": "text?",
    "started_at": "moment",
    "last_status": "text",
    "last_step": "text?",
    "assignee": "text",
    "last_modified_at": "moment",
    "product_id": "id?",
    "customer_id": "text?",
    "subscriptions": [SUBSCRIPTION],
    "note": "text?",
}
PROCESS_DETAIL: Shape = {
    **PROCESS,
    "traceback": "text?",
    "current_state": "object?",
    "steps": [STEP],
    "form": "object?",
}
RELATION: Shape = {"subscription_id": "id", "subscription_description": "text"}
STARTABLE: Shape = {"name": "text", "description": "text?"}
REFUSED_BY_USERS: Shape = {
    **STARTABLE,
    "reason": "text",
    "action": "text",
    "unterminated_in_use_by_subscriptions": ["id"],
    "unterminated_in_use_by_subscriptions_detail": [RELATION],
}
REFUSED_BY_STATUS: Shape = {**STARTABLE, "reason": "text", "usable_when": ["text"], "status": "text", "action": "text"}
REFUSED_BY_RELATIONS: Shape = {
    **STARTABLE,
    "reason": "text",
    "locked_relations": ["id"],
    "locked_relations_detail": [RELATION],
}
FORM_INCOMPLETE: Shape = {
    "type": "text", "title": "text", "status": "number", "detail": "text", "form": "object", "meta": "object",
}  # fmt: skip
FORM_INVALID: Shape = {
    "type": "text",
    "title": "text",
    "status": "number",
    "detail": "text",
    "validation_errors": [{"type": "text", "loc": ["json"], "msg": "text", "input": "json"}],
}
ENGINE: Shape = {"global_lock": "flag", "running_processes": "number", "global_status": "text?"}
WORKERS: Shape = {
    "executor_type": "text",
    "number_of_workers_online": "number",
    "number_of_queued_jobs": "number",
    "number_of_running_jobs": "number",
}
COUNTS: Shape = {"process_counts": "object", "task_counts": "object"}
SETTINGS: Shape = {"name": "text", "variables": [{"env_name": "text", "env_value": "json"}]}

PATHS = (
    ("get", "/api/processes/"),
    ("get", "/api/processes/{process_id}"),
    ("patch", "/api/processes/{process_id}"),
    ("delete", "/api/processes/{process_id}"),
    ("post", "/api/processes/{workflow_name}"),
    ("put", "/api/processes/{process_id}/resume"),
    ("put", "/api/processes/{process_id}/abort"),
    ("put", "/api/processes/resume-all"),
    ("get", "/api/processes/status-counts"),
    ("get", "/api/subscriptions/domain-model/{subscription_id}"),
    ("get", "/api/subscriptions/workflows/{subscription_id}"),
    ("put", "/api/subscriptions/{subscription_id}/set_in_sync"),
    ("get", "/api/products/"),
    ("get", "/api/products/{product_id}"),
    ("patch", "/api/products/{product_id}"),
    ("get", "/api/product_blocks/{product_block_id}"),
    ("patch", "/api/product_blocks/{product_block_id}"),
    ("get", "/api/resource_types/{resource_type_id}"),
    ("patch", "/api/resource_types/{resource_type_id}"),
    ("get", "/api/workflows/{workflow_id}"),
    ("get", "/api/settings/status"),
    ("put", "/api/settings/status"),
    ("get", "/api/settings/worker-status"),
    ("get", "/api/settings/overview"),
    ("get", "/api/settings/cache-names"),
    ("delete", "/api/settings/cache/{name}"),
    ("get", "/api/health/"),
    ("get", "/api/translations/{language}"),
)
"""Methods and paths of the REST interface there that are here too."""


def faults(value: Any, shape: Any, where: str = "") -> list[str]:
    """Where a value does not have the shape."""
    match shape:
        case str():
            return [] if _is(value, shape) else [f"{where} is {value!r}, not {shape}"]
        case list():
            if not isinstance(value, list):
                return [f"{where} is no list"]
            return [fault for number, one in enumerate(value) for fault in faults(one, shape[0], f"{where}[{number}]")]
        case _:
            if not isinstance(value, dict):
                return [f"{where} is no object"]
            missing = [f"{where}.{name} is missing" for name in shape if name not in value]
            known = [(name, inner) for name, inner in shape.items() if name in value]
            return missing + [fault for name, inner in known for fault in faults(value[name], inner, f"{where}.{name}")]


def _is(value: Any, kind: str) -> bool:
    if value is None:
        return kind.endswith("?") or kind == "json"
    match kind.rstrip("?"):
        case "id":
            return isinstance(value, str) and str(UUID(value)) == value
        case "moment":
            return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
        case "text":
            return isinstance(value, str)
        case "target":
            return value in TARGETS
        case "flag":
            return isinstance(value, bool)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "object":
            return isinstance(value, dict)
        case _:
            return True
