"""What can be started on a subscription, and why not."""

from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User

from processes import actions
from processes.access.viewer import shown_to
from processes.engine.values.errors import Blocker
from processes.engine.values.status import Target
from processes.models import AccessGrant, Process
from subscriptions import queries
from subscriptions.actions import mark_out_of_sync
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.start_rules import Reason, ReasonCode
from tests.factories import subscriptions as make

pytestmark = pytest.mark.usefixtures("offered")


def reasons(subscription_id: UUID, user: User) -> dict[str, str | None]:
    return {
        option.workflow_name: option.reason.code.value if option.reason else None
        for option in queries.startable(subscription_id, user)
    }


def reason(workflow_name: str, subscription_id: UUID, user: User) -> Reason | None:
    options = {option.workflow_name: option for option in queries.startable(subscription_id, user)}
    return options[workflow_name].reason


def test_everything_can_be_started_on_what_is_well(operator: User) -> None:
    node = make.node()

    found = queries.startable(node.subscription_id, operator)

    assert [option for option in found if option.target == "validate"] == [
        queries.StartOption("validate_node", "Validate node", Target.VALIDATE, SubscriptionLifecycle.ACTIVE)
    ]
    assert {option.target for option in found}.isdisjoint({"create", "system"})
    assert set(reasons(node.subscription_id, operator).values()) == {None}


def test_out_of_sync_refuses_modify_and_terminate_only(operator: User) -> None:
    node = make.node()
    mark_out_of_sync(node.subscription_id)

    assert reasons(node.subscription_id, operator) == {
        "modify_note": None,
        "rename_node": "subscription.not_in_sync",
        "forget_node": "subscription.not_in_sync",
        "change_another": "subscription.not_in_sync",
        "meet_node": "subscription.not_in_sync",
        "edit_node": "subscription.not_in_sync",
        "terminate_subscription": "subscription.not_in_sync",
        "terminate_node": "subscription.not_in_sync",
        "validate_node": None,
        "reconcile_node": None,
    }


def test_direct_neighbour_out_of_sync_refuses_both_ways_and_no_further(operator: User) -> None:
    node = make.node()
    port, other = make.port(node, "1"), make.port(node, "2")
    circuit = make.circuit(port, other)
    mark_out_of_sync(circuit.subscription_id)

    assert reason("terminate_subscription", port.subscription_id, operator) == Reason(
        ReasonCode.RELATIONS_NOT_IN_SYNC,
        "Related subscriptions are out of sync",
        (Blocker("subscription", str(circuit.subscription_id), "circuit"),),
    )
    assert reasons(node.subscription_id, operator)["rename_node"] is None

    mark_out_of_sync(node.subscription_id)
    again = reason("terminate_subscription", port.subscription_id, operator)
    assert again is not None
    assert [blocker.label for blocker in again.blockers] == ["circuit", "node ams-1"]


def test_status_refuses_with_those_that_would_do(operator: User) -> None:
    node = make.node(status="provisioning")

    assert reason("rename_node", node.subscription_id, operator) == Reason(
        ReasonCode.INVALID_STATUS,
        "The subscription is provisioning; this can be started when it is active.",
        usable_when=(SubscriptionLifecycle.ACTIVE,),
    )
    assert reason("terminate_subscription", node.subscription_id, operator) is None


def test_users_refuse_terminate_until_they_are_gone(operator: User) -> None:
    node = make.node()
    port = make.port(node)

    against = reason("terminate_node", node.subscription_id, operator)
    assert against is not None
    assert (against.code, against.text) == (ReasonCode.IN_USE, "The subscription is in use by: port 1/1.")
    assert [blocker.id for blocker in against.blockers] == [str(port.subscription_id)]

    port.move_to("terminated")
    make.changed(port)
    assert reasons(node.subscription_id, operator)["terminate_node"] is None


def test_running_process_is_named(operator: User) -> None:
    node = make.node()
    actions.start("validate_node", [{"subscription_id": str(node.subscription_id)}], by=operator)

    against = reason("validate_node", node.subscription_id, operator)

    assert against is not None
    assert against.text == "A process is running on it: Validate node."
    assert against.blockers == (Blocker("process", str(Process.objects.get().pk), "Validate node"),)


def test_person_without_the_right_is_told_which(viewer: User) -> None:
    node = make.node()

    assert reason("validate_node", node.subscription_id, viewer) == Reason(
        ReasonCode.NOT_PERMITTED, "This requires the role operator or admin."
    )


def test_paused_engine_is_the_last_reason(operator: User, viewer: User, admin_user: User) -> None:
    node = make.node()
    make.port(node)
    actions.pause(by=admin_user)

    found = reasons(node.subscription_id, operator)

    assert (found["validate_node"], found["terminate_node"]) == (
        "engine.paused",
        "subscription.no_modify_subscription_in_use_by_others",
    )
    assert set(reasons(node.subscription_id, viewer).values()) == {
        "subscription.insufficient_workflow_permissions",
        "subscription.no_modify_subscription_in_use_by_others",
    }


def test_every_status_that_would_do_is_named(operator: User) -> None:
    node = make.node(status="terminated")

    against = reason("modify_note", node.subscription_id, operator)

    assert against is not None
    assert against.text == (
        "The subscription is terminated; this can be started when it is "
        "initial, provisioning, active, migrating or disabled."
    )


def test_unknown_subscription_is_named(viewer: User) -> None:
    with pytest.raises(queries.UnknownSubscription):
        queries.startable(uuid4(), viewer)


def test_many_neighbours_are_named_in_part(operator: User) -> None:
    node = make.node()
    for number in range(12):
        make.port(node, f"{number:02}")

    against = reason("terminate_node", node.subscription_id, operator)

    assert against is not None
    assert against.text.endswith("port 09 and 2 more.")
    assert len(against.blockers) == 12


def test_who_is_in_the_way_is_not_named_to_those_who_may_not_see_it(operator: User) -> None:
    node = make.node()
    for name in ("1", "2", "3"):
        make.port(node, name)
    seen = queries.startable(node.subscription_id, operator)
    where = {"subscription": [str(node.subscription_id)]}
    AccessGrant.objects.create(name="g", effect="only", actions=["view"], condition=where)

    with shown_to(lambda: User.objects.get(pk=operator.pk)):
        told = reason("terminate_node", node.subscription_id, User.objects.get(pk=operator.pk))

    before = next(option.reason for option in seen if option.workflow_name == "terminate_node")
    assert before is not None
    assert told is not None
    assert len(before.blockers) == 3
    assert [blocker.label for blocker in told.blockers] == ["one that you may not see"]
    assert told.text == "The subscription is in use by: one that you may not see."
