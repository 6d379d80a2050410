"""An inventory in the database: a catalogue of node, port and circuit, customers, and subscriptions of them."""

from datetime import UTC, datetime
from uuid import uuid4

from products.models import Product
from subscriptions import tree
from subscriptions.actions import Cause, mark_in_sync, mint, save
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.models import Customer
from subscriptions.queries.loading import load
from tests.factories import catalogues

NOW = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
CAUSE = Cause("factory", NOW)
CATALOGUE = """
resource_types:
  - {name: node_name, kind: string}
  - {name: node_status, kind: enum, choices: [planned, active]}
  - {name: ims_id, kind: integer}
  - {name: tags, kind: string}
  - {name: title, kind: string}
  - {name: port_name, kind: string}
  - {name: enabled, kind: boolean}
  - {name: vlan, kind: vlan_ranges}
  - {name: remark, kind: string}
  - {name: speed, kind: integer}
blocks:
  - name: Node
    fields:
      - {name: node_name, required_from: provisioning, unique_scope: global}
      - {name: node_status, default: planned}
      - {name: ims_id, required_from: active}
      - {name: tags, kind: scalar_list}
      - {name: title, computed: "node {node_name} status {node_status}"}
  - name: Port
    fields:
      - {name: port_name, required_from: provisioning}
      - {name: enabled, default: false}
      - {name: node, kind: block, blocks: [Node], owned: false, required_from: provisioning}
      - {name: title, computed: "port {port_name} on {node.node_name}"}
  - name: SAP
    fields:
      - {name: port, kind: block, blocks: [Port], owned: false, required_from: provisioning}
      - {name: vlan}
  - name: Extra
    fields:
      - {name: remark}
  - name: Circuit
    fields:
      - {name: saps, kind: block_list, blocks: [SAP], minimum: 2, maximum: 3, required_from: initial}
      - {name: extra, kind: optional_block, blocks: [Extra]}
products:
  - name: node
    description: A router
    product_type: Node
    tag: NODE
    blocks: [{name: node, block: Node}]
    workflows: {create: [create_subscription], modify: [modify_note], terminate: [terminate_subscription]}
  - name: port 10G
    description: A port
    product_type: Port
    tag: PORT
    fixed_inputs: [{name: speed, value: 10000}]
    blocks: [{name: port, block: Port}]
    workflows: {create: [create_subscription], terminate: [terminate_subscription]}
  - name: circuit
    description: A circuit
    product_type: Circuit
    tag: VC
    blocks: [{name: circuit, block: Circuit}]
    workflows: {create: [create_subscription], terminate: [terminate_subscription]}
"""


def catalogue(text: str = CATALOGUE) -> None:
    """Import a catalogue."""
    catalogues.imported(text, by="factory")


def product(name: str) -> Product:
    """A product of the catalogue, which is imported when it is not there."""
    if not Product.objects.exists():
        catalogue()
    return Product.objects.get(name=name)


def customer(fullname: str = "Example", shortcode: str = "EX") -> Customer:
    """The customer of this name."""
    return Customer.objects.get_or_create(fullname=fullname, defaults={"shortcode": shortcode})[0]


def minted(product_name: str) -> tree.Subscription:
    """A new subscription, as a process begins with."""
    return mint(product(product_name).pk, customer_id=customer().pk, subscription_id=uuid4(), cause=CAUSE)


def node(name: str = "ams-1", status: str = "active") -> tree.Subscription:
    """A node, in sync."""
    subscription = minted("node")
    subscription.description = f"node {name}"
    subscription.node.node_name = name
    subscription.node.ims_id = 1
    return _saved(subscription, status)


def port(of: tree.Subscription, name: str = "1/1", status: str = "active") -> tree.Subscription:
    """A port on a node, in sync."""
    subscription = minted("port 10G")
    subscription.description = f"port {name}"
    subscription.port.port_name = name
    subscription.port.node = of.node
    return _saved(subscription, status)


def circuit(*ports: tree.Subscription, status: str = "active") -> tree.Subscription:
    """A circuit between ports, in sync."""
    subscription = minted("circuit")
    subscription.description = "circuit"
    for sap, of in zip(subscription.circuit.saps, ports, strict=True):
        sap.port = of.port
        sap.vlan = 7
    return _saved(subscription, status)


def changed(subscription: tree.Subscription) -> tree.Subscription:
    """The same, saved, and read again."""
    save([subscription], cause=CAUSE)
    return load(subscription.subscription_id)


def _saved(subscription: tree.Subscription, status: str) -> tree.Subscription:
    if status == SubscriptionLifecycle.TERMINATED:
        subscription.move_to(SubscriptionLifecycle.PROVISIONING)
    subscription.move_to(status)
    save([subscription], cause=CAUSE)
    mark_in_sync(subscription.subscription_id)
    return load(subscription.subscription_id)
