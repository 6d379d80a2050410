"""The pages on which a node is ordered and given up."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, TypeAlias, cast
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_forms.core import FormPage
from pydantic_forms.types import FormGenerator
from pydantic_forms.validators import Choice, Label, callout

from orchestrator_site.demo.clients.inventory import connect
from orchestrator_site.demo.forms.pages import choice_of, summary_page, yes_or_no
from subscriptions.queries import current_schema, customer_choices, get, subscriptions

HOST_NAME = r"^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$"
AboutCustomers: TypeAlias = cast(
    "type[object]",
    callout(
        header="Who is it for?",
        message="Nodes belong to the network itself; choose the customer that runs it.",
    ),
)


class NodeStatus(StrEnum):
    """Status of the device in the inventory."""

    ACTIVE = "active"
    PLANNED = "planned"
    STAGED = "staged"
    OFFLINE = "offline"
    FAILED = "failed"
    INVENTORY = "inventory"
    DECOMMISSIONING = "decommissioning"


@dataclass(frozen=True)
class NodeChoices:
    """What the inventory offers for a new node."""

    device_type: type[Choice]
    role: type[Choice]
    site: type[Choice]


def create_node_form(product: UUID) -> FormGenerator[Any]:
    """Settings of the node, then a summary with labels."""
    schema = current_schema(product)
    offered = node_choices(str(schema.fixed_inputs["node_type"]))
    Customer: TypeAlias = cast("type[str]", customer_choices())
    DeviceType: TypeAlias = cast("type[str]", offered.device_type)
    Role: TypeAlias = cast("type[str]", offered.role)
    Site: TypeAlias = cast("type[str]", offered.site)

    class NodePage(FormPage):
        """What the node is, where it stands and what it is called."""

        model_config = ConfigDict(title=f"New {schema.name}")

        about_customers: AboutCustomers
        customer_id: Customer
        auto_add_interfaces: bool = Field(default=True, title="Add the interfaces that the node has")
        node_settings: Label
        type_id: DeviceType = Field(title="Device type")
        role_id: Role = Field(title="Device role")
        site_id: Site = Field(title="Site")
        node_status: NodeStatus = NodeStatus.ACTIVE
        node_name: Annotated[str, Field(pattern=HOST_NAME, max_length=64), AfterValidator(check_name_is_free)]
        node_description: str | None = Field(default=None, max_length=200)

    answers = yield NodePage
    facts = {
        "Customer": answers.customer_id.label,
        "Device type": answers.type_id.label,
        "Device role": answers.role_id.label,
        "Site": answers.site_id.label,
        "Node status": answers.node_status.value,
        "Node name": answers.node_name,
        "Node description": answers.node_description,
        "Add interfaces": yes_or_no(answers.auto_add_interfaces),
    }
    yield summary_page(f"New {schema.name}: summary", facts)
    return {
        "customer_id": answers.customer_id.value,
        "auto_add_interfaces": answers.auto_add_interfaces,
        "type_id": int(answers.type_id.value),
        "role_id": int(answers.role_id.value),
        "site_id": int(answers.site_id.value),
        "node_status": answers.node_status.value,
        "node_name": answers.node_name,
        "node_description": answers.node_description,
    }


def terminate_node_form(subscription_id: UUID) -> FormGenerator[Any]:
    """Shows what is about to go."""
    subscription = get(subscription_id)
    yield summary_page(
        "Terminate a node",
        {
            "Subscription": subscription.description,
            "Node name": subscription.node.node_name,
            "Device in the inventory": str(subscription.node.ims_id),
            "What happens": "The device is deleted with its interfaces and addresses.",
        },
    )
    return {}


def node_choices(manufacturer: str) -> NodeChoices:
    """Device types of a manufacturer, all roles, active sites."""
    with connect() as inventory:
        types = [(each.id, each.label) for each in inventory.device_types(manufacturer)]
        roles = [(each.id, each.name) for each in inventory.device_roles()]
        sites = [(each.id, each.name) for each in inventory.sites(status="active")]
    return NodeChoices(
        device_type=choice_of("DeviceTypeChoice", types, what=f"device types of {manufacturer}"),
        role=choice_of("RoleChoice", roles, what="device roles"),
        site=choice_of("SiteChoice", sites, what="active sites"),
    )


def check_name_is_free(name: str) -> str:
    """Refuses a name that a live subscription or the inventory already knows."""
    owner = subscriptions(product_type="Node").live().filter(instances__values__node_name=name).first()
    if owner is not None:
        raise ValueError(f"The name is taken by the subscription “{owner.description}”.")
    with connect() as inventory:
        if inventory.find_device(name) is not None:
            raise ValueError("The inventory already has a device of this name.")
    return name
