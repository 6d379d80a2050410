"""Ports: create one on an interface of a node."""

from uuid import UUID

from orchestrator_site.demo.clients.inventory import connect
from orchestrator_site.demo.forms.port import create_port_form
from processes.engine import State, StepContext, StepList, begin, done, step
from subscriptions.queries import get
from subscriptions.workflows import Subscription, SubscriptionLifecycle, create_workflow

INVENTORY_MODES = {"tagged": "tagged", "untagged": "access", "link member": None}


class InterfaceTaken(Exception):
    """Somebody enabled the interface between the order and its delivery."""

    retryable = False

    def __init__(self, name: str) -> None:
        super().__init__(f"The interface {name} is in use already; abort this order and choose another.")
        self.name = name


@step("Construct port", key="construct-port", system="inventory")
def construct_port(
    subscription: Subscription,
    node_subscription_id: UUID,
    port_ims_id: int,
    port_description: str | None,
    port_mode: str,
    auto_negotiation: bool,
    lldp: bool,
) -> State:
    """Fills the subscription from the form and from what the inventory knows of the interface."""
    with connect() as inventory:
        interface = inventory.interface(port_ims_id)
    if interface.enabled:
        raise InterfaceTaken(interface.name)
    node = get(node_subscription_id).node
    port = subscription.port
    port.node = node
    port.port_name = interface.name
    port.port_type = interface.type
    port.ims_id = interface.id
    port.port_description = port_description
    port.port_mode = port_mode
    port.auto_negotiation = auto_negotiation
    port.lldp = lldp
    port.enabled = False
    subscription.description = " ".join(
        filter(None, [subscription.product.name, node.node_name, interface.name, port_description])
    )
    subscription.move_to(SubscriptionLifecycle.PROVISIONING)
    return {"subscription": subscription}


@step("Enable port", key="enable-port")
def enable_port(subscription: Subscription) -> State:
    """From here on the port is meant to carry traffic."""
    subscription.port.enabled = True
    return {"subscription": subscription}


@step("Update port in inventory", key="update-port-in-inventory", system="inventory")
def update_port_in_inventory(subscription: Subscription, step: StepContext) -> State:
    """Gives the interface the settings of the port."""
    port = subscription.port
    payload = {
        "enabled": port.enabled,
        "mode": INVENTORY_MODES[port.port_mode],
        "speed": subscription.speed * 1000,  # kbit/s
        "description": port.port_description or "",
    }
    with connect() as inventory:
        inventory.update_interface(port.ims_id, key=step.idempotency_key, **payload)
    return {"inventory_payload": payload}


@create_workflow("Create port", form=create_port_form)
def create_port() -> StepList:
    """Orders a port."""
    return begin >> construct_port >> enable_port >> update_port_in_inventory >> done
