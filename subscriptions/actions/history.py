"""Append to the history of a subscription: what it is after a change, who made it, and where."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from subscriptions import tree


@dataclass(frozen=True)
class Cause:
    """Who changes something, when, and in which process and step, if any."""

    by: str
    at: datetime
    process_id: UUID | None = None
    step_path: str = ""


def version_of(subscription: tree.Subscription, number: int, cause: Cause, *, with_tree: bool) -> dict[str, Any]:
    """The row of history for a subscription as it is now, by column."""
    return {
        "number": number,
        "at": cause.at,
        "by": cause.by,
        "process_id": cause.process_id,
        "step_path": cause.step_path,
        "header": header_json(tree.records_of(subscription).header, subscription.product.schema.version),
        "tree": tree.root_of(subscription).plain() if with_tree else None,
    }


def header_json(header: tree.Header, product_version: int) -> dict[str, Any]:
    """A header as JSON, moments in ISO 8601; without the in-sync flag, which has no history."""
    written = {name: _plain(value) for name, value in asdict(header).items() if name != "insync"}
    return {**written, "product_version": product_version}


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            return value
