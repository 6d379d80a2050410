"""The pages on which a port is ordered."""

from enum import StrEnum
from typing import Annotated, Any, TypeAlias, cast
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_forms.core import FormPage
from pydantic_forms.types import FormGenerator
from pydantic_forms.validators import Choice, Label

from orchestrator_site.demo.clients.inventory import connect
from orchestrator_site.demo.forms.pages import summary_page, yes_or_no
from processes.engine import StartRefused
from subscriptions.queries import (
    choice,
    current_schema,
    customer_choices,
    get,
    subscription_choices,
    subscriptions,
)


class PortMode(StrEnum):
    """How the port treats VLAN tags; only tagged ports carry services."""

    TAGGED = "tagged"
    UNTAGGED = "untagged"
    LINK_MEMBER = "link member"


def create_port_form(product: UUID) -> FormGenerator[Any]:
    """The node, then one of its free interfaces with its settings, then a summary."""
    schema = current_schema(product)
    speed = int(schema.fixed_inputs["speed"])
    if not subscriptions(product_type="Node").active().exists():
        raise StartRefused("There is no active node for a port to be on. Create a node first.")
    Customer: TypeAlias = cast("type[str]", customer_choices())
    Node: TypeAlias = cast("type[str]", subscription_choices(product_type="Node"))

    def check_has_free_interface(subscription_id: Choice) -> Choice:
        if not free_interfaces(UUID(subscription_id.value), speed):
            raise ValueError(f"This node has no free interface of {speed} Mbit/s.")
        return subscription_id

    class NodePage(FormPage):
        """Whose port it is, and on which node."""

        model_config = ConfigDict(title=f"New {schema.name}")

        customer_id: Customer
        node_subscription_id: Annotated[Node, AfterValidator(check_has_free_interface)] = Field(title="Node")

    where = yield NodePage
    Interface: TypeAlias = cast(
        "type[str]", choice("InterfaceChoice", free_interfaces(UUID(where.node_subscription_id.value), speed))
    )

    class InterfacePage(FormPage):
        """Which interface, and how it is set."""

        model_config = ConfigDict(title=f"New {schema.name} on {where.node_subscription_id.label}")

        port_settings: Label
        port_ims_id: Interface = Field(title="Interface")
        port_description: str | None = Field(default=None, max_length=200)
        port_mode: PortMode = PortMode.TAGGED
        auto_negotiation: bool = False
        lldp: bool = Field(default=False, title="LLDP")

    port = yield InterfacePage
    facts = {
        "Customer": where.customer_id.label,
        "Node": where.node_subscription_id.label,
        "Interface": port.port_ims_id.label,
        "Port description": port.port_description,
        "Port mode": port.port_mode.value,
        "Auto-negotiation": yes_or_no(port.auto_negotiation),
        "LLDP": yes_or_no(port.lldp),
    }
    yield summary_page(f"New {schema.name}: summary", facts)
    return {
        "customer_id": where.customer_id.value,
        "node_subscription_id": where.node_subscription_id.value,
        "port_ims_id": int(port.port_ims_id.value),
        "port_description": port.port_description,
        "port_mode": port.port_mode.value,
        "auto_negotiation": port.auto_negotiation,
        "lldp": port.lldp,
    }


def free_interfaces(node_subscription_id: UUID, speed_mbits: int) -> dict[str, str]:
    """Interfaces of that speed which are not enabled and not promised to another port, by id."""
    ports = subscriptions(product_type="Port").live().filter(instances__block_name="Port")
    promised = set(ports.values_list("instances__values__ims_id", flat=True))
    device_id = get(node_subscription_id).node.ims_id
    with connect() as inventory:
        free = inventory.free_interfaces(device_id, speed_mbits=speed_mbits)
    return {str(each.id): each.name for each in free if each.id not in promised}
