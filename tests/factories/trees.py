"""Trees without a database: the models of node, port and circuit, and subscriptions of them."""

from uuid import uuid4

from products.schema import BlockSchema, FieldKind, FieldSchema, FixedInputSchema, ProductSchema, ScalarKind, ScalarType
from products.schema.fields import RequiredFrom, UniqueScope
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.tree import Owner, ProductFacts, Subscription, construct, mark_stored

PROVISIONING = RequiredFrom.PROVISIONING
STRING = ScalarType(ScalarKind.STRING)
INTEGER = ScalarType(ScalarKind.INTEGER)
PLANNED = ScalarType(ScalarKind.ENUM, choices=("planned", "active"))
NODE = BlockSchema(
    "Node",
    fields=(
        FieldSchema("node_name", scalar=STRING, required_from=PROVISIONING, unique_scope=UniqueScope.GLOBAL),
        FieldSchema("node_status", scalar=PLANNED, default="planned"),
        FieldSchema("ims_id", scalar=INTEGER, required_from=RequiredFrom.ACTIVE),
        FieldSchema("tags", kind=FieldKind.SCALAR_LIST, scalar=STRING, minimum=1, maximum=3, unique_items=True),
        FieldSchema("title", scalar=STRING, computed="node {node_name} status {node_status}"),
    ),
)
PORT = BlockSchema(
    "Port",
    fields=(
        FieldSchema("port_name", scalar=STRING, required_from=PROVISIONING),
        FieldSchema("enabled", scalar=ScalarType(ScalarKind.BOOLEAN), default=False),
        FieldSchema("node", kind=FieldKind.BLOCK, blocks=("Node",), owned=False, required_from=PROVISIONING),
        FieldSchema("title", scalar=STRING, computed="{subscription.speed} port {port_name} on {node.node_name}"),
    ),
)
SAP = BlockSchema(
    "SAP",
    fields=(
        FieldSchema("port", kind=FieldKind.BLOCK, blocks=("Port",), owned=False),
        FieldSchema("spare", kind=FieldKind.OPTIONAL_BLOCK, blocks=("Port",), owned=False),
        FieldSchema("vlan", scalar=ScalarType(ScalarKind.VLAN_RANGES)),
        FieldSchema("title", scalar=STRING, computed="{vlan} on {port.node.node_name}"),
    ),
)
EXTRA = BlockSchema("Extra", fields=(FieldSchema("remark", scalar=STRING),))
CIRCUIT = BlockSchema(
    "Circuit",
    fields=(
        FieldSchema("saps", kind=FieldKind.BLOCK_LIST, blocks=("SAP",), minimum=2, maximum=3),
        FieldSchema("main", kind=FieldKind.OPTIONAL_BLOCK, blocks=("SAP",), owned=False),
        FieldSchema("extra", kind=FieldKind.OPTIONAL_BLOCK, blocks=("Extra",)),
        FieldSchema("either", kind=FieldKind.BLOCK, blocks=("Extra", "SAP")),
        FieldSchema("mixed", kind=FieldKind.BLOCK_LIST, blocks=("SAP", "Extra"), minimum=1),
    ),
)


def product_schema(name: str, root: str, *blocks: BlockSchema, speed: int | None = None) -> ProductSchema:
    """A product with one root block, the first of `blocks`."""
    inputs = () if speed is None else (FixedInputSchema("speed", INTEGER, speed),)
    field = FieldSchema(root, kind=FieldKind.BLOCK, blocks=(blocks[0].name,), required_from=RequiredFrom.INITIAL)
    known = {block.name: block for block in blocks}
    return ProductSchema(uuid4(), name, name.title(), name.upper(), 1, inputs, (field,), known)


def new_tree(schema: ProductSchema, *, customer_id: str | None = None) -> Subscription:
    """A new subscription as the model begins one, not stored."""
    owner = Owner(
        uuid4(), schema, f"A {schema.name}", SubscriptionLifecycle.INITIAL, False, customer_id or str(uuid4())
    )
    product = ProductFacts(schema.product_id, schema.name, schema.product_type, schema.tag, "active", "", schema)
    return construct(owner, product)


def node_tree(name: str = "ams-1") -> Subscription:
    """A node with its name, as if just stored."""
    node = new_tree(product_schema("node", "node", NODE))
    node.node.node_name = name
    mark_stored(node, 1)
    return node


def port_tree(node: Subscription) -> Subscription:
    """A 10 Gbit/s port on that node, as if just stored."""
    port = new_tree(product_schema("port", "port", PORT, speed=10_000))
    port.port.port_name = "1/1"
    port.port.node = node.node
    mark_stored(port, 1)
    return port


def circuit_tree() -> Subscription:
    """A circuit as the model begins one."""
    return new_tree(product_schema("circuit", "circuit", CIRCUIT, SAP, EXTRA))
