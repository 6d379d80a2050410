"""What can be started, as REST says it: only the members that a reason has."""

from typing import Any

import pytest

from processes.engine.values.errors import Blocker
from processes.engine.values.status import Target
from subscriptions.api.start_options import by_target
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.queries import StartOption
from subscriptions.start_rules import Reason, ReasonCode

PORT = Blocker("subscription", "4711", "port 1/1")
PORT_ROW = {"kind": "subscription", "id": "4711", "label": "port 1/1"}


def option(reason: Reason | None = None) -> StartOption:
    return StartOption("modify_node", "Modify node", Target.MODIFY, SubscriptionLifecycle.INITIAL, reason)


def test_every_target_is_there() -> None:
    assert by_target([option()]) == {
        "create": [],
        "modify": [{"name": "modify_node", "description": "Modify node"}],
        "terminate": [],
        "system": [],
        "validate": [],
        "reconcile": [],
    }


@pytest.mark.parametrize(
    ("reason", "members"),
    [
        (
            Reason(ReasonCode.NOT_IN_SYNC, "The subscription is out of sync."),
            {
                "reason": "The subscription is out of sync.",
                "reason_code": "subscription.not_in_sync",
                "blockers": [],
            },
        ),
        (
            Reason(ReasonCode.INVALID_STATUS, "Not now.", usable_when=(SubscriptionLifecycle.ACTIVE,)),
            {
                "reason": "Not now.",
                "reason_code": "subscription.no_modify_invalid_status",
                "blockers": [],
                "usable_when": ["active"],
                "status": "initial",
                "action": "modify",
            },
        ),
        (
            Reason(ReasonCode.RELATIONS_NOT_IN_SYNC, "Related subscriptions are out of sync", (PORT,)),
            {
                "reason": "Related subscriptions are out of sync: port 1/1.",
                "reason_code": "subscription.relations_not_in_sync",
                "blockers": [PORT_ROW],
                "locked_relations": ["4711"],
                "locked_relations_detail": [{"subscription_id": "4711", "description": "port 1/1"}],
            },
        ),
        (
            Reason(ReasonCode.IN_USE, "The subscription is in use by", (PORT,)),
            {
                "reason": "The subscription is in use by: port 1/1.",
                "reason_code": "subscription.no_modify_subscription_in_use_by_others",
                "blockers": [PORT_ROW],
                "unterminated_parents": ["4711"],
            },
        ),
    ],
)
def test_reason_has_its_members(reason: Reason, members: dict[str, Any]) -> None:
    assert by_target([option(reason)])["modify"] == [{"name": "modify_node", "description": "Modify node", **members}]
