"""Nodes: create, validate and terminate a router of the network."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orchestrator_site.demo.clients.errors import NotFound
from orchestrator_site.demo.clients.inventory import Inventory, connect
from orchestrator_site.demo.clients.inventory_objects import Device, Interface, NewDevice, NewInterface
from orchestrator_site.demo.drift import check_same
from orchestrator_site.demo.forms.node import create_node_form, terminate_node_form
from orchestrator_site.demo.workflows.bootstrap import LOOPBACKS_IPV4, LOOPBACKS_IPV6
from processes.engine import State, StepContext, StepList, begin, conditional, done, step
from subscriptions.workflows import (
    Subscription,
    SubscriptionLifecycle,
    create_workflow,
    terminate_workflow,
    validate_workflow,
)

LOOPBACK = NewInterface(name="Loopback0", type="virtual", enabled=True)
GIGABIT = 1_000_000  # kbit/s, as the inventory counts
CHASSIS = tuple(
    NewInterface(name=f"ethernet-1/{number}", type="10gbase-x-xfp", speed=10 * GIGABIT) for number in range(1, 11)
) + tuple(
    NewInterface(name=f"ethernet-1/{number}", type="100gbase-x-cfp", speed=100 * GIGABIT) for number in range(11, 15)
)  # what every router of the demo network is delivered with


@step("Construct node", key="construct-node")
def construct_node(
    subscription: Subscription,
    type_id: int,
    role_id: int,
    site_id: int,
    node_status: str,
    node_name: str,
    node_description: str | None,
) -> State:
    """Fills the subscription from the form."""
    node = subscription.node
    node.type_id = type_id
    node.role_id = role_id
    node.site_id = site_id
    node.node_status = node_status
    node.node_name = node_name
    node.node_description = node_description
    subscription.description = f"node {node_name} ({node_status})"
    subscription.move_to(SubscriptionLifecycle.PROVISIONING)
    return {"subscription": subscription}


@step("Create node in inventory", key="create-node-in-inventory", system="inventory")
def create_node_in_inventory(subscription: Subscription, step: StepContext) -> State:
    """Makes the device; a repeat finds the one that the first try made."""
    new = device_of(subscription)
    with connect() as inventory:
        device = inventory.ensure_device(new, key=step.idempotency_key).object
    subscription.node.ims_id = device.id
    return {"subscription": subscription, "inventory_payload": new.json()}


@step("Reserve loopback addresses", key="reserve-loopback-addresses", system="inventory")
def reserve_loopback_addresses(subscription: Subscription, step: StepContext) -> State:
    """Gives the loopback interface the next free address of each family."""
    node, key = subscription.node, step.idempotency_key
    with connect() as inventory:
        interface = inventory.ensure_interface(node.ims_id, LOOPBACK, key=key).object
        ipv4, ipv6 = (
            inventory.reserve_address(
                prefix, interface_id=interface.id, description=f"Loopback of {node.node_name}", key=key
            )
            for prefix in (LOOPBACKS_IPV4, LOOPBACKS_IPV6)
        )
    node.ipv4_ipam_id, node.ipv6_ipam_id = ipv4.id, ipv6.id
    return {"subscription": subscription, "loopback_addresses": [ipv4.address, ipv6.address]}


@step("Update node in inventory", key="update-node-in-inventory", system="inventory")
def update_node_in_inventory(subscription: Subscription, step: StepContext) -> State:
    """Makes the loopback addresses the primary ones."""
    node = subscription.node
    with connect() as inventory:
        device = inventory.update_device(
            node.ims_id,
            key=step.idempotency_key,
            primary_ip4=node.ipv4_ipam_id,
            primary_ip6=node.ipv6_ipam_id,
            **device_of(subscription).json(),
        )
    return {"inventory_device": device.name}


@step("Update interfaces", key="update-interfaces", system="inventory")
def update_interfaces(subscription: Subscription, step: StepContext) -> State:
    """Makes the inventory list the interfaces that the chassis has, and no others."""
    with connect() as inventory:
        changes = sync_interfaces(inventory, subscription.node.ims_id, key=step.idempotency_key)
    return {"interfaces_created": list(changes.created), "interfaces_deleted": list(changes.deleted)}


@step("Validate node in inventory", key="validate-node-in-inventory", system="inventory")
def validate_node_in_inventory(subscription: Subscription) -> State:
    """Compares the device with the subscription; raises Drift."""
    with connect() as inventory:
        expected = expected_facts(inventory, subscription)
        check_same(f"node {subscription.node.node_name}", expected, actual_facts(inventory, subscription.node.ims_id))
    return {"validated": list(expected)}


@step("Delete node from inventory", key="delete-node-from-inventory", system="inventory")
def delete_node_from_inventory(subscription: Subscription) -> State:
    """Removes the device with its interfaces and addresses; one that is gone already is no failure."""
    with connect() as inventory:
        return {"device_deleted": inventory.delete_device(subscription.node.ims_id)}


@create_workflow("Create node", form=create_node_form)
def create_node() -> StepList:
    """Orders a node."""
    return (
        begin
        >> construct_node
        >> create_node_in_inventory
        >> reserve_loopback_addresses
        >> update_node_in_inventory
        >> conditional(lambda state: bool(state["auto_add_interfaces"]))(update_interfaces)
        >> done
    )


@validate_workflow("Validate node")
def validate_node() -> StepList:
    """Finds drift between the subscription and the inventory."""
    return begin >> validate_node_in_inventory >> done


@terminate_workflow("Terminate node", form=terminate_node_form)
def terminate_node() -> StepList:
    """Gives a node up."""
    return begin >> delete_node_from_inventory >> done


@dataclass(frozen=True)
class InterfaceChanges:
    """Names of interfaces that a sync made and removed."""

    created: tuple[str, ...]
    deleted: tuple[str, ...]


def device_of(subscription: Subscription) -> NewDevice:
    """The device that the subscription stands for."""
    node = subscription.node
    return NewDevice(
        name=node.node_name,
        type_id=node.type_id,
        role_id=node.role_id,
        site_id=node.site_id,
        status=node.node_status,
        owner=str(subscription.subscription_id),
        description=node.node_description or "",
    )


def sync_interfaces(inventory: Inventory, device_id: int, *, key: str) -> InterfaceChanges:
    """Creates what is missing and deletes what is extra; virtual interfaces and enabled ones are left alone."""
    wanted = {_nature(each) for each in CHASSIS}
    extra = [each for each in inventory.interfaces(device_id) if _is_extra(each, wanted)]
    for each in extra:
        inventory.delete_interface(each.id)
    made = inventory.ensure_interfaces(device_id, CHASSIS, key=key)
    return InterfaceChanges(
        created=tuple(each.object.name for each in made if each.created),
        deleted=tuple(each.name for each in extra),
    )


def expected_facts(inventory: Inventory, subscription: Subscription) -> dict[str, Any]:
    """What the inventory should say of the node, with the labels people know."""
    node = subscription.node
    types = {each.id: each.label for each in inventory.device_types(subscription.node_type)}
    roles = {each.id: each.name for each in inventory.device_roles()}
    return {
        "name": node.node_name,
        "device type": _label(types, node.type_id),
        "role": _label(roles, node.role_id),
        "site": _site_name(inventory, node.site_id),
        "status": node.node_status,
        "description": node.node_description or "",
        "subscription": str(subscription.subscription_id),
        "primary IPv4 address": node.ipv4_ipam_id,
        "primary IPv6 address": node.ipv6_ipam_id,
    }


def actual_facts(inventory: Inventory, device_id: int) -> dict[str, Any] | None:
    """What it says; None when the device is gone."""
    try:
        device = inventory.device(device_id)
    except NotFound:
        return None
    return _facts_of(device)


def _facts_of(device: Device) -> dict[str, Any]:
    return {
        "name": device.name,
        "device type": device.type_label,
        "role": device.role,
        "site": device.site,
        "status": device.status,
        "description": device.description,
        "subscription": device.asset_tag,
        "primary IPv4 address": device.primary_ip4_id,
        "primary IPv6 address": device.primary_ip6_id,
    }


def _site_name(inventory: Inventory, pk: int) -> str:
    try:
        return inventory.site(pk).name
    except NotFound:
        return f"number {pk}"


def _label(labels: Mapping[int, str], pk: int) -> str:
    return labels.get(pk, f"number {pk}")


def _nature(interface: NewInterface | Interface) -> tuple[str, str, int | None]:
    return interface.name, interface.type, interface.speed


def _is_extra(interface: Interface, wanted: set[tuple[str, str, int | None]]) -> bool:
    return interface.type != "virtual" and not interface.enabled and _nature(interface) not in wanted
