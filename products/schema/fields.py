"""Fields of blocks and fixed inputs of products: what they hold, when they are required, and what they refuse."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from processes.engine.values.words import is_known, read_word
from processes.lists import labels
from products.schema.expressions import Expression, parse_computed
from products.schema.scalars import ScalarType


class FieldKind(StrEnum):
    """What a field holds; a block field may name several allowed blocks."""

    SCALAR = "scalar"
    SCALAR_LIST = "scalar_list"
    BLOCK = "block"
    OPTIONAL_BLOCK = "optional_block"
    BLOCK_LIST = "block_list"


BLOCK_KINDS = frozenset({FieldKind.BLOCK, FieldKind.OPTIONAL_BLOCK, FieldKind.BLOCK_LIST})
LIST_KINDS = frozenset({FieldKind.SCALAR_LIST, FieldKind.BLOCK_LIST})


class RequiredFrom(StrEnum):
    """The first stage of a subscription's life at which a field must have a value."""

    NEVER = "never"
    INITIAL = "initial"
    PROVISIONING = "provisioning"
    ACTIVE = "active"


_REQUIRED_IN: Mapping[str, frozenset[RequiredFrom]] = {
    "initial": frozenset({RequiredFrom.INITIAL}),
    "provisioning": frozenset({RequiredFrom.INITIAL, RequiredFrom.PROVISIONING}),
    "active": frozenset({RequiredFrom.INITIAL, RequiredFrom.PROVISIONING, RequiredFrom.ACTIVE}),
    "migrating": frozenset({RequiredFrom.INITIAL, RequiredFrom.PROVISIONING, RequiredFrom.ACTIVE}),
    "disabled": frozenset({RequiredFrom.INITIAL, RequiredFrom.PROVISIONING, RequiredFrom.ACTIVE}),
    "terminated": frozenset(),
}


class UniqueScope(StrEnum):
    """Among which live subscriptions a value may occur only once."""

    NONE = ""
    PRODUCT = "product"
    GLOBAL = "global"


@dataclass(frozen=True)
class FieldSchema:
    """One field of a block, or one root of a product.

    `minimum` and `maximum` count the members of a list. `default` is in JSON form. `computed` is a text with
    expressions in braces such as `node {node_name}`, or `=` and one expression; nobody gives such a field a value.
    `formerly` is the name it had before, under which values may still be stored. `owned` false means a block of another
    subscription, referred to and never changed from here.
    """

    name: str
    kind: FieldKind = FieldKind.SCALAR
    scalar: ScalarType | None = None
    blocks: tuple[str, ...] = ()
    owned: bool = True
    minimum: int | None = None
    maximum: int | None = None
    unique_items: bool = False
    required_from: RequiredFrom = RequiredFrom.NEVER
    default: Any = None
    modifiable: bool = True
    unique_scope: UniqueScope = UniqueScope.NONE
    description: str = ""
    computed: str | None = None
    formerly: str = ""

    @property
    def is_block(self) -> bool:
        """Holds blocks, one or many."""
        return self.kind in BLOCK_KINDS

    @property
    def is_list(self) -> bool:
        """Holds many."""
        return self.kind in LIST_KINDS

    @property
    def labels(self) -> Mapping[str, str]:
        """What people see of its values, by the text of the value; of most fields empty."""
        return self.scalar.labels_by_choice if self.scalar else {}

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """What a computed field is worked out from, of any other none. Raises `InvalidExpression`."""
        if self.computed is None:
            return ()
        made = parse_computed(self.computed)
        return (made,) if isinstance(made, Expression) else made.expressions

    @property
    def fewest(self) -> int:
        """The least members of a list that is filled."""
        return self.minimum or 0

    def is_required_in(self, status: str) -> bool:
        """Whether a subscription of this lifecycle status must have a value here; KeyError on an unknown status."""
        return self.computed is None and self.required_from in _REQUIRED_IN[status]

    def parse(self, value: object) -> Any:
        """A scalar or list of scalars in JSON form; None and the empty list are allowed, whatever is required.

        Raises `ValueError` in plain words; for a member of a list it says which one, counted from 1.
        """
        if self.scalar is None or self.computed is not None:
            raise ValueError("is not a value that can be given")
        if not is_known(self.kind):
            raise ValueError("is of a kind that this release does not know")
        if value is None:
            return [] if self.is_list else None
        if not self.is_list:
            return self.scalar.parse(value)
        if not isinstance(value, (list, tuple)):
            raise ValueError("must be a list")
        members = [self._parse_member(number, member) for number, member in enumerate(value, start=1)]
        if members:
            self.check_count(len(members))
        if self.unique_items and any(member in members[:place] for place, member in enumerate(members)):
            raise ValueError("must not name the same member twice")
        return members

    def check_count(self, count: int) -> None:
        """Refuse a number of members, by `ValueError`, that the list may not have."""
        if self.maximum is not None and count > self.maximum:
            raise ValueError(f"must have at most {self.maximum} members")
        if count < self.fewest:
            raise ValueError(f"must have at least {self.fewest} members")

    def python(self, value: Any) -> Any:
        """A parsed scalar or list of scalars as Python has it; see `ScalarType.python`."""
        if self.scalar is None or value is None:
            return value
        return [self.scalar.python(member) for member in value] if self.is_list else self.scalar.python(value)

    def json_schema(self) -> dict[str, Any]:
        """JSON Schema of a scalar or list of scalars, with title, description and default."""
        if self.scalar is None:
            raise ValueError(f"{self.name} holds blocks")
        schema: dict[str, Any] = self.scalar.json_schema()
        if self.is_list:
            schema = {"type": "array", "items": schema, "uniqueItems": self.unique_items}
            bounds = {"minItems": self.minimum, "maxItems": self.maximum}
            schema |= {key: bound for key, bound in bounds.items() if bound is not None}
        schema["title"] = labels.name(self.name)
        if self.description:
            schema["description"] = self.description
        if self.default is not None:
            schema["default"] = self.default
        if self.computed is not None:
            schema["readOnly"] = True
        return schema

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON."""
        return {
            "name": self.name,
            "kind": self.kind.value,
            "scalar": self.scalar.to_json() if self.scalar else None,
            "blocks": list(self.blocks),
            "owned": self.owned,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "unique_items": self.unique_items,
            "required_from": self.required_from.value,
            "default": self.default,
            "modifiable": self.modifiable,
            "unique_scope": self.unique_scope.value,
            "description": self.description,
            "computed": self.computed,
            **({"formerly": self.formerly} if self.formerly else {}),
        }

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> "FieldSchema":
        """Read what `to_json` wrote."""
        return cls(
            **{
                **written,
                "kind": read_word(FieldKind, written["kind"]),
                "scalar": ScalarType.from_json(written["scalar"]) if written["scalar"] else None,
                "blocks": tuple(written["blocks"]),
                "required_from": read_word(RequiredFrom, written["required_from"]),
                "unique_scope": read_word(UniqueScope, written["unique_scope"]),
            }
        )

    def _parse_member(self, number: int, member: object) -> Any:
        assert self.scalar is not None
        try:
            return self.scalar.parse(member)
        except ValueError as error:
            raise ValueError(f"member {number} {error}") from error


def root_field(
    name: str, kind: FieldKind, blocks: tuple[str, ...], minimum: int | None = None, maximum: int | None = None
) -> FieldSchema:
    """A root of a product: one block, one or none, or a list; one of several kinds is chosen when it is ordered.

    It must be there from initial, unless there may be none, or nobody could say yet which kind is meant.
    """
    required = RequiredFrom.INITIAL
    if kind is FieldKind.OPTIONAL_BLOCK or (kind is FieldKind.BLOCK_LIST and not minimum):
        required = RequiredFrom.NEVER
    elif kind is FieldKind.BLOCK and len(blocks) > 1:
        required = RequiredFrom.PROVISIONING
    return FieldSchema(name, kind, blocks=blocks, minimum=minimum, maximum=maximum, required_from=required)


@dataclass(frozen=True)
class FixedInputSchema:
    """A constant of a product: its type and its value in JSON form."""

    name: str
    scalar: ScalarType
    value: Any
    description: str = ""

    @property
    def python_value(self) -> Any:
        """The value as Python has it."""
        return self.scalar.python(self.value)

    def to_json(self) -> dict[str, Any]:
        """All of it as JSON."""
        return {
            "name": self.name,
            "scalar": self.scalar.to_json(),
            "value": self.value,
            "description": self.description,
        }

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> "FixedInputSchema":
        """Read what `to_json` wrote."""
        return cls(**{**written, "scalar": ScalarType.from_json(written["scalar"])})
