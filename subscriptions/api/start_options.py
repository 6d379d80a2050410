"""What can be started on a subscription, in the words of REST."""

from collections.abc import Iterable
from typing import Any

from processes.engine.values.status import Target
from subscriptions.queries import StartOption
from subscriptions.start_rules import Reason, ReasonCode


def by_target(options: Iterable[StartOption]) -> dict[str, list[dict[str, Any]]]:
    """The options under each target, also under those that have none."""
    found: dict[str, list[dict[str, Any]]] = {target.value: [] for target in Target}
    for option in options:
        found[option.target].append(_row(option))
    return found


def _row(option: StartOption) -> dict[str, Any]:
    row: dict[str, Any] = {"name": option.workflow_name, "description": option.description}
    reason = option.reason
    if reason is None:
        return row
    row |= {"reason": reason.text, "reason_code": reason.code.value, "blockers": _blockers(reason)}
    if reason.usable_when:
        row |= {"usable_when": list(reason.usable_when), "status": option.status, "action": option.target}
    if reason.code is ReasonCode.RELATIONS_NOT_IN_SYNC:
        row["locked_relations"] = [one.id for one in reason.blockers if one.id]
        row["locked_relations_detail"] = [
            {"subscription_id": one.id or None, "description": one.label} for one in reason.blockers
        ]
    if reason.code is ReasonCode.IN_USE:
        row["unterminated_parents"] = [one.id for one in reason.blockers if one.id]
    return row


def _blockers(reason: Reason) -> list[dict[str, str]]:
    return [{"kind": one.kind, "id": one.id, "label": one.label} for one in reason.blockers]
