"""The model of a product as plain values, without tables: what subscriptions, forms and files are held against. Pure.

Not here: where a model comes from (`products.queries`, `products.catalogue`). The rule: a value has one JSON form, in
which it is kept, and every door reads it by `scalars`. Begin with `product`, then `fields` and `scalars`.
"""

from products.schema.checks import (
    FieldFault,
    ModelProblem,
    check_blocks,
    check_field,
    check_name,
    check_product,
    owned_closure,
    unsound_blocks,
)
from products.schema.constraints import InvalidType, check_type, is_sound
from products.schema.fields import FieldKind, FieldSchema, FixedInputSchema, RequiredFrom, UniqueScope, root_field
from products.schema.narrowing import Narrowing
from products.schema.product import BlockSchema, ProductSchema, RuleSchema, json_schema_for, narrow
from products.schema.scalars import ScalarKind, ScalarType
from products.schema.vlans import VlanRanges

__all__ = [
    "BlockSchema",
    "FieldFault",
    "FieldKind",
    "FieldSchema",
    "FixedInputSchema",
    "InvalidType",
    "ModelProblem",
    "Narrowing",
    "ProductSchema",
    "RequiredFrom",
    "RuleSchema",
    "ScalarKind",
    "ScalarType",
    "UniqueScope",
    "VlanRanges",
    "check_blocks",
    "check_field",
    "check_name",
    "check_product",
    "check_type",
    "is_sound",
    "json_schema_for",
    "narrow",
    "owned_closure",
    "root_field",
    "unsound_blocks",
]
