"""A subscription as its page shows it: blocks as cards with fields, links both ways, and what can be started."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from processes.engine.values.errors import Blocker
from processes.engine.values.status import Target
from processes.lists import labels
from processes.lists.addresses import address_of
from processes.lists.values import for_people
from subscriptions import tree
from subscriptions.queries import StartOption
from subscriptions.queries.related import BlockUsers
from subscriptions.queries.unseen import UNSEEN
from subscriptions.start_rules import SHOWN

GROUPS = {
    Target.MODIFY: "Modify",
    Target.VALIDATE: "Validate",
    Target.RECONCILE: "Reconcile",
    Target.TERMINATE: "Terminate",
    Target.SYSTEM: "Tasks",
}
_NOBODY = BlockUsers((), 0)
TITLE = "title"
"""The field that names a block: it is the heading of its card, and no line of it."""
ICONS = {
    Target.MODIFY: "edit",
    Target.VALIDATE: "list-check",
    Target.RECONCILE: "refresh-alert",
    Target.TERMINATE: "trash",
    Target.SYSTEM: "subtask",
}


@dataclass(frozen=True)
class Link:
    """Something one can go to; without address it is only named."""

    label: str
    url: str


@dataclass(frozen=True)
class InstanceCard:
    """A block of the tree; `about` is its place and kind.

    One of another subscription has an `owner`, and nothing below it is shown. Of many users only the first are, and
    `more_users` counts the rest. One of which only its place may be told has no id.
    """

    title: str
    about: str
    instance_id: UUID | None
    label: str | None
    owner: Link | None
    fields: tuple[tuple[str, str], ...]
    users: tuple[Link, ...]
    more_users: int
    children: tuple["InstanceCard", ...]


@dataclass(frozen=True)
class StartItem:
    """A workflow in the actions menu; with a reason when it cannot be started now, and who is in the way.

    Of many blockers only the first are shown; `more` counts the rest.
    """

    label: str
    icon: str
    url: str
    reason: str
    blockers: tuple[Link, ...]
    more: int = 0


@dataclass(frozen=True)
class _Around:
    """The subscription whose cards are made, who uses its blocks, and the others of which nothing is shown."""

    ours: UUID
    users: Mapping[UUID, BlockUsers]
    hidden: Collection[UUID]


def block_cards(
    subscription: tree.Subscription, users: Mapping[UUID, BlockUsers], hidden: Collection[UUID] = ()
) -> list[InstanceCard]:
    """The top-level blocks with all below them, and who uses each of its own; of hidden owners' only their place."""
    around = _Around(subscription.subscription_id, users, hidden)
    return [_card(node, name, around) for name, node in _placed(tree.root_of(subscription))]


def start_groups(options: Sequence[StartOption], subscription_id: UUID) -> list[tuple[str, list[StartItem]]]:
    """What can be started, by heading; targets without workflows are left out."""
    groups = (
        (title, [_item(option, subscription_id) for option in options if option.target is target])
        for target, title in GROUPS.items()
    )
    return [(title, items) for title, items in groups if items]


def subscription_link(subscription_id: object, label: str) -> Link:
    """To the page of a subscription."""
    return Link(label, reverse("subscriptions:detail", args=[subscription_id]))


def compare_address(subscription_id: object, before: int, after: int) -> str:
    """Of the page that compares two versions."""
    return f"{reverse('subscriptions:compare', args=[subscription_id])}?from={before}&to={after}"


def _card(node: tree.Node, place: str, around: _Around) -> InstanceCard:
    assert node.id is not None
    if node.owner.subscription_id in around.hidden:
        return InstanceCard(UNSEEN, labels.question(place), None, None, None, (), (), 0, ())
    is_own = node.owner.subscription_id == around.ours
    title = title_of(node)
    used_by = around.users.get(node.id, _NOBODY) if is_own else _NOBODY
    shown = [field for field in node.fields.values() if not field.is_block and field.name != TITLE]
    return InstanceCard(
        title=title,
        about=" · ".join(one for one in dict.fromkeys([labels.question(place), node.title]) if one != title),
        instance_id=node.id,
        label=node.label,
        owner=None if is_own else subscription_link(node.owner.subscription_id, node.owner.description),
        fields=tuple(
            (labels.name(field.name), for_people(node.json(field.name), labels=field.labels)) for field in shown
        ),
        users=tuple(subscription_link(one.id, one.description) for one in used_by.first),
        more_users=used_by.number - len(used_by.first),
        children=tuple(_card(child, name, around) for name, child in _placed(node)) if is_own else (),
    )


def title_of(node: tree.Node) -> str:
    """What to call a block: its computed title, its label, or its kind."""
    title = node.json(TITLE) if TITLE in node.fields else None
    return str(title or node.label or node.title)


def _placed(node: tree.Node) -> Iterable[tuple[str, tree.Node]]:
    for field in node.fields.values():
        children = node.below(field.name) if field.is_block else ()
        for number, child in enumerate(children, start=1):
            yield (f"{field.name} {number}" if field.is_list else field.name), child


def _item(option: StartOption, subscription_id: UUID) -> StartItem:
    reason = option.reason
    blockers = reason.blockers if reason else ()
    shown = tuple(map(_blocker, blockers[:SHOWN]))
    return StartItem(
        label=option.description,
        icon=ICONS[option.target],
        url=f"{address_of('processes:start', option.workflow_name)}?subscription_id={subscription_id}",
        reason=reason.summary if reason else "",
        blockers=shown,
        more=len(blockers) - len(shown),
    )


def _blocker(blocker: Blocker) -> Link:
    name = {"subscription": "subscriptions:detail", "process": "processes:detail"}.get(blocker.kind, "")
    return Link(blocker.label, address_of(name, blocker.id) if blocker.id else "")
