"""What can be started on a subscription, and why not."""

from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User

from processes import actions
from processes.models import Process
from subscriptions import queries
from subscriptions.actions import mark_out_of_sync
from tests.factories import subscriptions as make

pytestmark = pytest.mark.usefixtures("offered")


def reasons(subscription_id: UUID, user: User) -> dict[str, str | None]:
    found = queries.startable(subscription_id, user)
    return {item["name"]: item.get("reason_code") for items in found.values() for item in items}


def test_everything_can_be_started_on_what_is_well(operator: User) -> None:
    node = make.node()

    found = queries.startable(node.subscription_id, operator)

    assert found["validate"] == [{"name": "validate_node", "description": "Validate node"}]
    assert found["create"] == found["system"] == []
    assert set(reasons(node.subscription_id, operator).values()) == {None}


def test_out_of_sync_refuses_modify_and_terminate_only(operator: User) -> None:
    node = make.node()
    mark_out_of_sync(node.subscription_id, cause=make.CAUSE)

    assert reasons(node.subscription_id, operator) == {
        "modify_note": None,
        "rename_node": "subscription.not_in_sync",
        "forget_node": "subscription.not_in_sync",
        "change_another": "subscription.not_in_sync",
        "meet_node": "subscription.not_in_sync",
        "terminate_subscription": "subscription.not_in_sync",
        "terminate_node": "subscription.not_in_sync",
        "validate_node": None,
        "reconcile_node": None,
    }


def test_direct_neighbour_out_of_sync_refuses_both_ways_and_no_further(operator: User) -> None:
    node = make.node()
    port, other = make.port(node, "1"), make.port(node, "2")
    circuit = make.circuit(port, other)
    mark_out_of_sync(circuit.subscription_id, cause=make.CAUSE)

    port_items = queries.startable(port.subscription_id, operator)["terminate"]
    assert port_items[0]["locked_relations_detail"] == [
        {"subscription_id": str(circuit.subscription_id), "description": "circuit"}
    ]
    assert reasons(node.subscription_id, operator)["rename_node"] is None

    mark_out_of_sync(node.subscription_id, cause=make.CAUSE)
    again = queries.startable(port.subscription_id, operator)["terminate"][0]
    assert [blocker["label"] for blocker in again["blockers"]] == ["circuit", "node ams-1"]


def test_status_refuses_with_those_that_would_do(operator: User) -> None:
    node = make.node(status="provisioning")

    found = queries.startable(node.subscription_id, operator)

    rename = found["modify"][1]
    assert (rename["status"], rename["usable_when"], rename["action"]) == ("provisioning", ["active"], "modify")
    assert rename["reason"] == "The subscription is provisioning; this can be started when it is active."
    assert "reason" not in found["terminate"][0]


def test_users_refuse_terminate_until_they_are_gone(operator: User) -> None:
    node = make.node()
    port = make.port(node)

    item = queries.startable(node.subscription_id, operator)["terminate"][0]
    assert (item["reason"], item["unterminated_parents"]) == (
        "The subscription is in use by: port 1/1.",
        [str(port.subscription_id)],
    )

    port.move_to("terminated")
    make.changed(port)
    assert reasons(node.subscription_id, operator)["terminate_node"] is None


def test_running_process_is_named(operator: User) -> None:
    node = make.node()
    actions.start("validate_node", [{"subscription_id": str(node.subscription_id)}], by=operator)

    item = queries.startable(node.subscription_id, operator)["validate"][0]

    assert item["reason"] == "A process is running on it: Validate node."
    assert item["blockers"] == [{"kind": "process", "id": str(Process.objects.get().pk), "label": "Validate node"}]


def test_person_without_the_right_is_told_which(viewer: User) -> None:
    node = make.node()

    item = queries.startable(node.subscription_id, viewer)["validate"][0]

    assert item["reason_code"] == "subscription.insufficient_workflow_permissions"
    assert item["reason"] == "This requires the role operator or admin."


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

    note = queries.startable(node.subscription_id, operator)["modify"][0]

    assert note["reason"] == (
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

    item = queries.startable(node.subscription_id, operator)["terminate"][0]

    assert item["reason"].endswith("port 09 and 2 more.")
    assert len(item["blockers"]) == 12
