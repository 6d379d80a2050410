"""A small catalogue in rows: a port with a name and a reference to a node, offered by the generic workflows."""

from typing import Any
from uuid import UUID

from products.actions import publish_all
from products.models import (
    BlockField,
    FixedInput,
    Product,
    ProductBlock,
    ProductWorkflow,
    ResourceType,
    RootBlock,
)


def resource_type(name: str, kind: str = "string", **more: Any) -> ResourceType:
    """The resource type of that name."""
    made, _ = ResourceType.objects.get_or_create(name=name, defaults={"kind": kind, **more})
    return made


def block(name: str, **kinds: str) -> ProductBlock:
    """A block of that name; `kinds` are its fields: `port_name="string"`."""
    made, _ = ProductBlock.objects.get_or_create(name=name, defaults={"tag": name.upper()})
    for position, (field, kind) in enumerate(kinds.items()):
        BlockField.objects.create(block=made, position=position, name=field, resource_type=resource_type(field, kind))
    return made


def block_field(holder: ProductBlock, name: str, *blocks: ProductBlock, **more: Any) -> BlockField:
    """A field of a block that holds other blocks."""
    made = BlockField.objects.create(**{"block": holder, "name": name, "kind": "block", "position": 99, **more})
    made.blocks.set(blocks)
    return made


def product(name: str = "port 10G", root: ProductBlock | None = None, **more: Any) -> Product:
    """A product with a speed, one root block `port`, and the generic create and terminate."""
    made = Product.objects.create(
        **{"name": name, "description": f"A {name}.", "product_type": "Port", "tag": "PORT", **more}
    )
    speed = resource_type("speed", "integer")
    FixedInput.objects.create(product=made, name="speed", resource_type=speed, value=10_000)
    root = root or ProductBlock.objects.filter(name="Port").first() or block("Port", port_name="string")
    RootBlock.objects.create(product=made, name="port", block=root)
    for position, target in enumerate(("create", "terminate")):
        ProductWorkflow.objects.create(
            product=made, position=position, workflow_name=f"{target}_subscription", target=target
        )
    return made


def published(name: str = "port 10G", **more: Any) -> Product:
    """The same, published."""
    made = product(name, **more)
    publish_all("modeller")
    return made


UNKNOWN = UUID("00000000-0000-4000-8000-000000000000")
"""An id that nothing has."""
