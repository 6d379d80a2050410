"""Pages made from the model of a product: one a root block, nested blocks as groups, references as choices."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Annotated, Any, Literal, Union
from uuid import UUID

from annotated_types import Len
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    WithJsonSchema,
    create_model,
    model_validator,
)
from pydantic_forms.core import FormPage
from pydantic_forms.validators import Choice, choice_list, migration_summary

from processes.lists import labels
from processes.lists.values import for_people
from products.schema import BlockSchema, FieldKind, FieldSchema, ProductSchema, UniqueScope
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.models import unique_key
from subscriptions.queries.choices import block_choices, block_labels
from subscriptions.queries.lists import holder_of
from subscriptions.queries.searched import Searched
from subscriptions.tree.block import BLOCK
from subscriptions.workflows.form_rules import keeps_rules

_ASKED_FOR = SubscriptionLifecycle.ACTIVE
"""A generic workflow goes all the way, so that what this status requires must be given."""


class NestedBlock(BaseModel):
    """A block within a page; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", protected_namespaces=(), validate_default=True)


class BlockPage(FormPage):
    """The page of a root block."""

    model_config = ConfigDict(protected_namespaces=())


NOTHING: Mapping[str, Any] = {}
Made = tuple[Any, Any]
"""The type of a field of a page, and what pydantic needs to know besides."""


def root_page(
    schema: ProductSchema,
    root: FieldSchema,
    *,
    title: str,
    customers: type[Choice] | None = None,
    given: Mapping[str, Any] = NOTHING,
) -> type[FormPage]:
    """The page of a root: the fields of its block, or of one that may be several or of several kinds, the root itself.

    The first of a product also asks for the customer. `given` are the values of the roots before, for rules. Fields
    carry the names of the model as aliases, so that no name of a model can hide one of a page: dump by alias.
    """
    block = schema.blocks[root.blocks[0]]
    fields: dict[str, Any] = {}
    if customers is not None:
        fields["customer"] = (customers, Field(alias=customer_key(schema, root), title="Customer"))
    fields |= _fields(schema, block) if is_plain(root) else {"root": _field(schema, block, root)}

    def answer(page: BaseModel) -> Any:
        return answer_of(root, page.model_dump(mode="json", by_alias=True))

    rules: Any = {"keeps_rules": model_validator(mode="after")(keeps_rules(schema, root, dict(given), answer))}
    return create_model(f"{block.name}Page", __base__=_titled(title), __validators__=rules, **fields)


def is_plain(root: FieldSchema) -> bool:
    """Whether a root is one block of one kind that is always there, whose fields are a page."""
    return root.kind is FieldKind.BLOCK and len(root.blocks) == 1


def answer_of(root: FieldSchema, answers: dict[str, Any]) -> Any:
    """What the page of a root gives it."""
    return answers if is_plain(root) else answers[root.name]


def customer_key(schema: ProductSchema, root: FieldSchema) -> str:
    """Under which name the page of a root asks for the customer: `customer_id`, unless a field of the page has that."""
    names = schema.blocks[root.blocks[0]].by_name if is_plain(root) else {}
    return "subscription_customer_id" if "customer_id" in names else "customer_id"


def summary_page(labels: list[str], texts: list[str], *, title: str) -> type[FormPage]:
    """A page that only shows, for a person to confirm."""
    table = migration_summary({"headers": [], "labels": labels, "columns": [list(texts)]})
    return create_model("SummaryPage", __base__=_titled(title), summary=(table, None))


def shown(schema: ProductSchema, values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Labels and texts of the values of a form, in the order of the model; empty ones are left out."""
    subscription_labels = block_labels(_references(values))
    for root in schema.roots:
        if is_plain(root):
            block = schema.blocks[root.blocks[0]]
            yield from _shown(schema, block, values.get(root.name) or {}, (), subscription_labels)
        else:
            yield from _shown(schema, BlockSchema("", fields=(root,)), values, (), subscription_labels)


def _titled(title: str) -> type[FormPage]:
    class Titled(BlockPage):
        model_config = ConfigDict(title=title)

    return Titled


def _fields(schema: ProductSchema, block: BlockSchema) -> dict[str, Any]:
    asked = [field for field in block.fields if field.computed is None]
    return {f"field_{number}": _field(schema, block, field) for number, field in enumerate(asked)}


def _field(schema: ProductSchema, block: BlockSchema, field: FieldSchema) -> Made:
    facts = {"alias": field.name, "title": labels.name(field.name), "description": field.description or None}
    if not field.is_block:
        return _value(schema, block, field, facts)
    made = _owned(schema, field) if field.owned else _reference(field)
    return _several(field, made, facts) if field.is_list else _single(field, made, facts)


def _value(schema: ProductSchema, block: BlockSchema, field: FieldSchema, facts: dict[str, Any]) -> Made:
    """A scalar or list of scalars: read by the model's own rule, which also says what is wrong with it."""
    read = PlainValidator(_parser(schema, block, field))
    one = Annotated[Any, read, WithJsonSchema(_json(field))]
    if _is_required(field):
        return one, Field(**facts) if field.default is None else Field(default=field.default, **facts)
    if field.is_list:
        return one, Field(default=field.default or [], **facts)
    return one | None, Field(default=field.default, **facts)


def _single(field: FieldSchema, made: Any, facts: dict[str, Any]) -> Made:
    must_be_there = field.kind is FieldKind.BLOCK and field.owned and len(field.blocks) == 1
    if _is_required(field) or must_be_there:
        return made, Field(**facts)
    return made | None, Field(default=None, **facts)


def _several(field: FieldSchema, made: Any, facts: dict[str, Any]) -> Made:
    least = max(field.fewest, int(_is_required(field)))
    if field.owned:
        several: Any = Annotated[list[made], Len(least, field.maximum)]
    elif issubclass(made, Searched):
        several = Annotated[list[made], Len(least, field.maximum), AfterValidator(_each_once)]
    else:
        several = choice_list(made, min_items=least or None, max_items=field.maximum, unique_items=True)
    return several, Field(**facts) if least else Field(default=[], **facts)


def _each_once(chosen: list[Any]) -> list[Any]:
    if len(set(chosen)) < len(chosen):
        raise ValueError("each can be chosen once")
    return chosen


def _is_required(field: FieldSchema) -> bool:
    return field.is_required_in(_ASKED_FOR)


def _parser(schema: ProductSchema, block: BlockSchema, field: FieldSchema) -> Callable[[object], Any]:
    def parse(value: object) -> Any:
        parsed = field.parse(value)
        if _is_required(field) and (parsed is None or (field.is_list and not parsed)):
            raise ValueError("a value is needed")
        if field.unique_scope != UniqueScope.NONE and parsed is not None:
            holder = holder_of(*unique_key(block.name, field, schema.product_id, parsed))
            if holder is not None:
                raise ValueError(f"is already used by “{holder}”")
        return parsed

    return parse


def _json(field: FieldSchema) -> dict[str, Any]:
    return {key: value for key, value in field.json_schema().items() if key not in {"title", "description", "default"}}


def _owned(schema: ProductSchema, field: FieldSchema) -> Any:
    models = [_nested(schema, schema.blocks[name], is_one_of_several=len(field.blocks) > 1) for name in field.blocks]
    if len(models) == 1:
        return models[0]
    return Annotated[Union[tuple(models)], Field(discriminator=BLOCK)]  # noqa: UP007 - made from a list


def _nested(schema: ProductSchema, block: BlockSchema, *, is_one_of_several: bool) -> type[NestedBlock]:
    kind: dict[str, Any] = {BLOCK: (Literal[block.name], Field(title="Block"))} if is_one_of_several else {}
    return create_model(block.name, __base__=NestedBlock, **kind, **_fields(schema, block))


def _reference(field: FieldSchema) -> type[Choice]:
    return block_choices(*field.blocks, name=labels.name(field.name).title().replace(" ", "") + "Choice")


def _shown(
    schema: ProductSchema,
    block: BlockSchema,
    values: Mapping[str, Any],
    path: tuple[str, ...],
    subscription_labels: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    for field in block.fields:
        value = values.get(field.name)
        here = (*path, labels.name(field.name))
        if value is None or value == "" or (field.is_list and not value) or field.computed is not None:
            continue
        if field.is_block and field.owned:
            for number, member in enumerate(value if field.is_list else [value], start=1):
                below = (*here, str(number)) if field.is_list else here
                inner = schema.blocks[member.get(BLOCK) or field.blocks[0]]
                yield from _shown(schema, inner, member, below, subscription_labels)
        else:
            yield ": ".join(here), for_people(value, labels={**subscription_labels, **field.labels})


def _references(values: Any) -> Iterator[UUID]:
    """The ids in the values of a form, those of blocks that it refers to among them."""
    match values:
        case str():
            with suppress(ValueError):
                yield UUID(values)
        case Mapping():
            for one in values.values():
                yield from _references(one)
        case list():
            for one in values:
                yield from _references(one)
