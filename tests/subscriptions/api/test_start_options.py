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
DETAIL = {"subscription_id": "4711", "subscription_description": "port 1/1", "description": "port 1/1"}


def option(reason: Reason | None = None, target: Target = Target.MODIFY) -> StartOption:
    return StartOption(f"{target}_node", "A node", target, SubscriptionLifecycle.INITIAL, reason)


def test_every_target_is_there() -> None:
    assert by_target([option()]) == {
        "create": [],
        "modify": [{"name": "modify_node", "description": "A node"}],
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
                "reason": "subscription.not_in_sync",
                "reason_text": "The subscription is out of sync.",
                "blockers": [],
            },
        ),
        (
            Reason(ReasonCode.INVALID_STATUS, "Not now.", usable_when=(SubscriptionLifecycle.ACTIVE,)),
            {
                "reason": "subscription.no_modify_invalid_status",
                "reason_text": "Not now.",
                "blockers": [],
                "usable_when": ["active"],
                "status": "initial",
                "action": "modified",
            },
        ),
        (
            Reason(ReasonCode.RELATIONS_NOT_IN_SYNC, "Related subscriptions are out of sync", (PORT,)),
            {
                "reason": "subscription.relations_not_in_sync",
                "reason_text": "Related subscriptions are out of sync: port 1/1.",
                "blockers": [PORT_ROW],
                "locked_relations": ["4711"],
                "locked_relations_detail": [DETAIL],
            },
        ),
        (
            Reason(ReasonCode.IN_USE, "The subscription is in use by", (PORT,)),
            {
                "reason": "subscription.no_modify_subscription_in_use_by_others",
                "reason_text": "The subscription is in use by: port 1/1.",
                "blockers": [PORT_ROW],
                "unterminated_in_use_by_subscriptions": ["4711"],
                "unterminated_in_use_by_subscriptions_detail": [DETAIL],
                "action": "modified",
            },
        ),
    ],
)
def test_reason_has_its_members(reason: Reason, members: dict[str, Any]) -> None:
    assert by_target([option(reason)])["modify"] == [{"name": "modify_node", "description": "A node", **members}]


def test_action_of_a_termination_is_called_so() -> None:
    refused = option(Reason(ReasonCode.IN_USE, "The subscription is in use by", (PORT,)), Target.TERMINATE)

    (row,) = by_target([refused])["terminate"]

    assert row["action"] == "terminated"
