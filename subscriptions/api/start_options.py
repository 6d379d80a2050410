"""What can be started on a subscription, in the words of REST."""

from collections.abc import Iterable
from typing import Any

from processes.engine.values.status import Target
from subscriptions.queries import StartOption
from subscriptions.start_rules import Reason, ReasonCode


def by_target(options: Iterable[StartOption]) -> dict[str, list[dict[str, Any]]]:
    """The options under each target, also under those that have none.

    `reason` is a word for programs, as the Workflow Orchestrator gives it, `reason_text` the sentence for people.
    """
    found: dict[str, list[dict[str, Any]]] = {target.value: [] for target in Target}
    for option in options:
        found[option.target].append(_row(option))
    return found


def _row(option: StartOption) -> dict[str, Any]:
    row: dict[str, Any] = {"name": option.workflow_name, "description": option.description}
    reason = option.reason
    if reason is None:
        return row
    row |= {"reason": reason.code.value, "reason_text": reason.text, "blockers": _blockers(reason)}
    if reason.usable_when:
        row |= {"usable_when": list(reason.usable_when), "status": option.status, "action": _action(option)}
    if reason.code is ReasonCode.RELATIONS_NOT_IN_SYNC:
        row |= {"locked_relations": _ids(reason), "locked_relations_detail": _relations(reason)}
    if reason.code is ReasonCode.IN_USE:
        row |= {
            "unterminated_in_use_by_subscriptions": _ids(reason),
            "unterminated_in_use_by_subscriptions_detail": _relations(reason),
            "action": _action(option),
        }
    return row


def _action(option: StartOption) -> str:
    """What a start would do to the subscription, as the Workflow Orchestrator puts it."""
    return "terminated" if option.target is Target.TERMINATE else "modified"


def _ids(reason: Reason) -> list[str]:
    return [one.id for one in reason.blockers if one.id and one.kind == "subscription"]


def _relations(reason: Reason) -> list[dict[str, str | None]]:
    """Subscriptions that are in the way, under the names that its clients know, and under ours."""
    return [
        {"subscription_id": one.id or None, "subscription_description": one.label, "description": one.label}
        for one in reason.blockers
        if one.kind == "subscription"
    ]


def _blockers(reason: Reason) -> list[dict[str, str]]:
    return [{"kind": one.kind, "id": one.id, "label": one.label} for one in reason.blockers]
