"""What a change of the catalogue does to what was delivered: it moves to the new version, or is refused."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from products.actions import CatalogueChangeRefused, Effect
from products.models import Product, ProductBlock, ProductVersion
from products.queries import schema_of
from products.schema import ProductSchema, UniqueScope
from subscriptions import tree
from subscriptions.actions.errors import ValueTaken
from subscriptions.actions.history import Cause
from subscriptions.actions.saving import store_computed, write
from subscriptions.actions.uniqueness import claim_all, claims_of
from subscriptions.models import BlockInstance, Subscription, SubscriptionQuerySet
from subscriptions.queries.loading import load_rows
from subscriptions.queries.unseen import unseen
from subscriptions.queries.users import attach_users

SHOWN = 5
"""Subscriptions that a sentence names."""


@transaction.atomic
def catalogue_changed(product: Product, old: ProductVersion | None, new: ProductVersion, by: str) -> None:
    """Move the live subscriptions of a product to its new version, in the transaction that publishes it.

    Values are kept, defaults filled in; each subscription whose blocks change gets a version of its own. Raises
    `CatalogueChangeRefused` naming those that do not fit, and why.
    """
    rows = _live(product).select_for_update(of=("self",)).order_by("pk")
    moved = _migrated(rows, schema_of(new.pk))
    refused = [one for one in moved if one.problems]
    if refused:
        raise CatalogueChangeRefused(_refusal(product, refused, _unseen(refused)))
    _rename_blocks(_live(product), schema_of(new.pk))
    _claim(product, moved, old, new)
    cause = Cause(by, timezone.now())
    _live(product).update(product_version=new)
    for one in moved:
        if tree.changes_of(one.subscription):
            write(one.subscription, cause=cause)
    if old is None or _computed(schema_of(old.pk)) != _computed(schema_of(new.pk)):
        store_computed(one.subscription for one in moved)


def catalogue_retired(product: Product) -> None:
    """Refuse the end of life of a product that has live subscriptions, by `CatalogueChangeRefused`."""
    live = list(_live(product).order_by("description").values_list("id", "description"))
    if live:
        hidden = unseen(key for key, _ in live)
        names = ["" if key in hidden else description for key, description in live]
        raise CatalogueChangeRefused(f"{product.name} is still delivered: {_names(names)}.")


def impact(product: Product, schema: ProductSchema) -> list[Effect]:
    """What a new model would do to live subscriptions; empty when there are none.

    Whoever looks reads the names of those that they may see, and how many others there are.
    """
    moved = _migrated(_live(product), schema)
    hidden = _unseen(moved)
    effects = [Effect(f"{product.name}: {_count(moved)} would move to the new model.")] if moved else []
    for what, descriptions in _by_text(moved, "filled", hidden).items():
        effects.append(Effect(f"{product.name}: {what} is filled in for {_names(descriptions)}."))
    for what, descriptions in _by_text(moved, "lost", hidden).items():
        sentence = f"{product.name}: the value of {what} is lost for {_names(descriptions)} ({_count(descriptions)})."
        effects.append(Effect(sentence, lost=what))
    refused = [one for one in moved if one.problems]
    return [*effects, Effect(_refusal(product, refused, hidden))] if refused else effects


def _live(product: Product) -> SubscriptionQuerySet:
    return Subscription.objects.live().filter(product=product).select_related("product")


def _migrated(rows: Iterable[Subscription], schema: ProductSchema) -> list[tree.Migrated]:
    renamed = _renamed()
    moved = [tree.migrate(subscription, schema, renamed) for subscription in load_rows(rows)]
    fitting = [one for one in moved if not one.problems]
    attach_users([one.subscription for one in fitting])
    for one in fitting:
        one.problems.extend(map(str, tree.broken_rules(one.subscription)))
    return moved


def _renamed() -> dict[str, str]:
    """New names of blocks by the old."""
    return dict(ProductBlock.objects.exclude(formerly="").values_list("formerly", "name"))


def _rename_blocks(rows: SubscriptionQuerySet, schema: ProductSchema) -> None:
    """Give delivered blocks the names that their kinds have now, which a save takes for given."""
    for old, new in _renamed().items():
        if new in schema.blocks:
            BlockInstance.objects.filter(subscription__in=rows, block_name=old).update(block_name=new)


def _claim(product: Product, moved: Sequence[tree.Migrated], old: ProductVersion | None, new: ProductVersion) -> None:
    """Make the unique values what the new model says, where it says something else than the old one."""
    before = _unique_fields(schema_of(old.pk)) if old else {}
    if before == _unique_fields(schema_of(new.pk)):
        return
    trees = [one.subscription for one in moved]
    stored = {one.subscription_id: list(tree.records_of(one).instances.values()) for one in trees}
    claims = [claim for one in trees for record in stored[one.subscription_id] for claim in claims_of(one, record)]
    try:
        claim_all(claims, [record for records in stored.values() for record in records])
    except ValueTaken as error:
        raise CatalogueChangeRefused(f"{product.name}: {error}") from error


def _unique_fields(schema: ProductSchema) -> dict[tuple[str, str], UniqueScope]:
    return {
        (block.name, field.name): field.unique_scope
        for block in schema.blocks.values()
        for field in block.fields
        if field.unique_scope != UniqueScope.NONE
    }


def _computed(schema: ProductSchema) -> dict[tuple[str, str], str | None]:
    return {(block.name, field.name): field.computed for block in schema.blocks.values() for field in block.computed}


def _unseen(moved: Sequence[tree.Migrated]) -> frozenset[UUID]:
    return unseen(one.subscription.subscription_id for one in moved)


def _by_text(moved: Sequence[tree.Migrated], what: str, hidden: frozenset[UUID]) -> dict[str, list[str]]:
    """By what is told the descriptions of those that it is told of; nothing in place of a hidden one."""
    found: dict[str, list[str]] = defaultdict(list)
    for one in moved:
        for text in dict.fromkeys(getattr(one, what)):
            name = "" if one.subscription.subscription_id in hidden else one.subscription.description
            found[text].append(name)
    return found


def _refusal(product: Product, refused: Sequence[tree.Migrated], hidden: frozenset[UUID]) -> str:
    seen = [one for one in refused if one.subscription.subscription_id not in hidden][:SHOWN]
    shown = [f"“{one.subscription.description}”: {'; '.join(one.problems)}" for one in seen]
    told = f"{product.name}: {_count(refused)} would not fit"
    return f"{told}: {'. '.join(shown)}{_rest(len(refused) - len(shown))}." if shown else f"{told}."


def _names(descriptions: Sequence[str]) -> str:
    """The first few, and how many more; of hidden ones, which are empty, only that they are among those."""
    shown = [f"“{description}”" for description in descriptions if description][:SHOWN]
    return f"{', '.join(shown)}{_rest(len(descriptions) - len(shown))}" if shown else _count(descriptions)


def _rest(number: int) -> str:
    return f" and {number} more" if number else ""


def _count(moved: Sequence[object]) -> str:
    return "1 subscription" if len(moved) == 1 else f"{len(moved)} subscriptions"
