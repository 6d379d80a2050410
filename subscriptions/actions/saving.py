"""Save changed subscriptions: check them against their rows, their users and what they use, write the difference."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from processes.lists.values import for_people
from subscriptions import tree
from subscriptions.actions.errors import BlockInUse, StaleSubscription, StatusRefusedByUsers, UnsafeReference
from subscriptions.actions.history import Cause, version_of
from subscriptions.actions.statements import LockedRow, append_version, lock_rows, save_header
from subscriptions.actions.uniqueness import claim_values, release_values
from subscriptions.lifecycle import USERS, SubscriptionLifecycle
from subscriptions.models import BlockInstance, InstanceRelation, Subscription, SubscriptionVersion
from subscriptions.queries.unseen import told
from subscriptions.queries.users import attach_users
from subscriptions.start_rules import Neighbour

AT_ONCE = 500
"""Blocks that one statement updates."""


@transaction.atomic
def save(subscriptions: Sequence[tree.Subscription], *, cause: Cause) -> None:
    """Write what changed, one version each, or nothing of all.

    Rows are locked in the order of their ids, those that are newly referred to as well, so that nobody can terminate
    what somebody else begins to use. Raises a `SaveRefused` that names the rule, or a `TreeError`.
    """
    changed = [(one, changes) for one in subscriptions if (changes := tree.changes_of(one))]
    rows = lock_rows({one.subscription_id for one, _ in changed} | _referred(changed))
    for one, changes in changed:
        _check_current(one, changes, rows[one.subscription_id])
        tree.check_complete(one, one.status)
        if "status" in changes.header:
            tree.fill_dates(one, cause.at)
            check_users(one)
        _check_references(one, changes, rows)
        attach_users([one])  # again: what refers to the same blocks may have changed until their rows were locked
        tree.check_rules(one)
        write(one, cause=cause)


def write(subscription: tree.Subscription, *, cause: Cause) -> None:
    """Write the difference as one new version, without asking whether it is allowed; the row must be locked."""
    changes = tree.changes_of(subscription)
    number = subscription.version + 1
    nodes = {node.id: node for node in tree.root_of(subscription).walk()}
    if changes.is_tree_changed:
        _write_blocks(subscription, changes, nodes)
    elif changes.header:
        _update([node for node in nodes.values() if node.computes_from_subscription])
    if subscription.status == SubscriptionLifecycle.TERMINATED:
        release_values(subscription)
    else:
        claim_values(subscription, changes)
    header = {**vars(tree.records_of(subscription).header), "insync": changes.header.get("insync")}
    save_header(subscription.subscription_id, header, cause.at)
    append_version(
        subscription.subscription_id, version_of(subscription, number, cause, with_tree=changes.is_tree_changed)
    )
    tree.mark_stored(subscription, number)


def check_users(subscription: tree.Subscription) -> None:
    """Raise `StatusRefusedByUsers` when a subscription that uses our blocks does not allow our status."""
    allowed = USERS[subscription.status]
    users = Subscription.objects.users_of(subscription.subscription_id).exclude(status__in=sorted(allowed))
    if found := _neighbours(users.values_list("id", "description")):
        raise StatusRefusedByUsers(subscription.description, subscription.status, found)


def _referred(changed: Iterable[tuple[tree.Subscription, tree.Changes]]) -> set[UUID]:
    """The owners of blocks of which the use changes."""
    return {owner for one, changes in changed for owner in _used_owners(one, changes) | _ruled_owners(one, changes)}


def _used_owners(subscription: tree.Subscription, changes: tree.Changes) -> set[UUID]:
    """The owners of blocks that are newly referred to, or referred to by one that changes its status."""
    new = {relation.child for relation in changes.related}
    is_moved = "status" in changes.header
    return {
        owner
        for child, owner in tree.foreign_blocks(subscription)
        if is_moved or child in new
    }  # fmt: skip


def _ruled_owners(subscription: tree.Subscription, changes: tree.Changes) -> set[UUID]:
    """The owners of blocks that have a rule on their use, and are used by a block which changes."""
    changed = {instance.id for instance in changes.updated}
    return {
        child.owner.subscription_id
        for node in tree.root_of(subscription).walk()
        for child in (child for children in node.children.values() for child in children)
        if node.id in changed and child.asks_for_users
    } - {subscription.subscription_id}


def _check_current(subscription: tree.Subscription, changes: tree.Changes, row: LockedRow) -> None:
    """Raise `StaleSubscription` unless nothing but the note was changed since it was read; that is taken over."""
    if row.version == subscription.version:
        return
    since = SubscriptionVersion.objects.filter(subscription=subscription.subscription_id)
    rows = since.filter(number__gte=subscription.version, number__lte=row.version).order_by("number")
    read, *later = list(rows.values_list("header", "tree")) or [({}, None)]
    notes = [header for header, changed in later if changed is None and _but_note(header) == _but_note(read[0])]
    if not notes or "note" in changes.header or len(notes) != row.version - subscription.version:
        raise StaleSubscription(row.description, subscription.version, row.version)
    tree.take_note(subscription, notes[-1].get("note"), version=row.version)


def _but_note(header: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in header.items() if name not in {"note", "insync"}}


def _check_references(subscription: tree.Subscription, changes: tree.Changes, rows: dict[UUID, LockedRow]) -> None:
    for owner in sorted(_used_owners(subscription, changes)):
        row = rows[owner]
        if subscription.status not in USERS[row.status]:
            raise UnsafeReference(subscription.description, row.description, row.status)


def store_computed(subscriptions: Iterable[tree.Subscription]) -> None:
    """Keep the computed values of these trees as they are now, where the model computes others than before."""
    nodes = [node for one in subscriptions for node in tree.root_of(one).walk()]
    _update([node for node in nodes if any(field.computed is not None for field in node.fields.values())])


def _write_blocks(
    subscription: tree.Subscription, changes: tree.Changes, nodes: Mapping[UUID | None, tree.Node]
) -> None:
    _remove_relations(subscription, changes)
    _remove_blocks(subscription, changes)
    created, changed = {one.id for one in changes.created}, {one.id for one in changes.updated}
    BlockInstance.objects.bulk_create([_row(nodes[instance.id]) for instance in changes.created])
    beyond = {node.id for node in nodes.values() if node.computes_beyond} - created
    _update([node for node in nodes.values() if node.id in changed | beyond])
    InstanceRelation.objects.bulk_create(
        InstanceRelation(
            subscription_id=subscription.subscription_id,
            parent_id=relation.parent,
            child_id=relation.child,
            attribute=relation.attribute,
            position=relation.position,
        )
        for relation in changes.related
    )


def _remove_relations(subscription: tree.Subscription, changes: tree.Changes) -> None:
    stored = InstanceRelation.objects.filter(subscription=subscription.subscription_id)
    gone = {(one.parent, one.attribute, one.position) for one in changes.unrelated}
    if gone:
        rows = stored.filter(child__in=[one.child for one in changes.unrelated])
        ids = [row.pk for row in rows if (row.parent_id, row.attribute, row.position) in gone]
        stored.filter(pk__in=ids).delete()


def _remove_blocks(subscription: tree.Subscription, changes: tree.Changes) -> None:
    if not changes.removed:
        return
    above = InstanceRelation.objects.filter(child__in=changes.removed)
    others = above.exclude(subscription=subscription.subscription_id)
    live = others.exclude(subscription__status=SubscriptionLifecycle.TERMINATED).select_related("subscription", "child")
    if users := list(live):
        raise BlockInUse(
            users[0].child.block_name, _neighbours((one.subscription_id, str(one.subscription)) for one in users)
        )
    others.delete()  # of what is terminated: its history says what it referred to
    BlockInstance.objects.filter(pk__in=changes.removed).delete()


def _update(nodes: Sequence[tree.Node]) -> None:
    if nodes:
        rows = [_row(node) for node in nodes]
        BlockInstance.objects.bulk_update(rows, ["values", "label", "computed_text"], batch_size=AT_ONCE)


def _row(node: tree.Node) -> BlockInstance:
    computed = node.computed_values()
    return BlockInstance(
        id=node.id, subscription_id=node.owner.subscription_id, block_name=node.title, label=node.label,
        values={**node.values, **computed}, computed_text="\n".join(map(for_people, computed.values())),
    )  # fmt: skip


def _neighbours(rows: Iterable[tuple[UUID, str]]) -> tuple[Neighbour, ...]:
    return told(Neighbour(subscription_id, description) for subscription_id, description in rows)
