"""Which rules a subscription breaks: of its product, of its own blocks, and those on the use of blocks it refers to."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from products.schema import RuleSchema
from products.schema.expressions import EvaluationFailed, evaluate, parse
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.tree.errors import BrokenRule, RulesBroken
from subscriptions.tree.nodes import Node, reached_nodes
from subscriptions.tree.subscription import Subscription, root_of


def check_rules(subscription: Subscription) -> None:
    """Raise `RulesBroken`, with the place and the message of each, unless every rule is kept.

    What is terminated keeps its values, and no rules.
    """
    if subscription.status == SubscriptionLifecycle.TERMINATED:
        return
    if broken := broken_rules(subscription):
        raise RulesBroken(broken)


def broken_rules(subscription: Subscription) -> list[BrokenRule]:
    """The rules that are broken, outermost first. A rule that gives neither yes nor no is kept."""
    root = root_of(subscription)
    refresh_users(root)
    rules = subscription.product.schema.rules
    return [*_broken(root, "", rules), *_of_own(root, ""), *_of_others(root)]


def refresh_users(root: Node) -> None:
    """Let the blocks of which users were looked for know those in this tree as they are now."""
    ours = root.owner.subscription_id
    looked_for = [node for node in reached_nodes(root) if node.used_by is not None]
    if not looked_for:
        return
    referring: dict[UUID | None, list[Node]] = {}
    for node in root.walk():
        for schema in node.fields.values():
            for child in node.below(schema.name) if not schema.owned else ():
                referring.setdefault(child.id, []).append(node)
    for node in looked_for:
        others = [user for user in node.used_by or () if user.owner.subscription_id != ours]
        node.used_by = [*others, *referring.get(node.id, ())]


def _of_own(node: Node, path: str) -> Iterator[BrokenRule]:
    for schema in node.fields.values():
        for number, child in enumerate(node.below(schema.name) if schema.owned else ()):
            place = ".".join(part for part in (path, schema.name, str(number) if schema.is_list else "") if part)
            yield from _broken(child, place, child.owner.schema.blocks[child.title].rules)
            yield from _of_own(child, place)


def _of_others(root: Node) -> Iterator[BrokenRule]:
    """The rules on the use of blocks of others, as far as they are used from here."""
    seen: set[UUID | None] = set()
    for node in root.walk():
        for child in (child for children in node.children.values() for child in children):
            if child.owner.subscription_id != root.owner.subscription_id and child.id not in seen:
                seen.add(child.id)
                block = child.owner.schema.blocks.get(child.title)
                rules = [rule for rule in block.rules if parse(rule.rule).asks_for_users] if block else []
                yield from _broken(child, child.owner.description, rules)


def _broken(node: Node, place: str, rules: Iterable[RuleSchema]) -> Iterator[BrokenRule]:
    for rule in rules:
        try:
            kept = evaluate(parse(rule.rule), node)
            if kept is not None and not kept:
                yield BrokenRule(place, rule.message)
        except EvaluationFailed as failed:
            yield BrokenRule(place, f"{rule.message} (the rule {failed})")
