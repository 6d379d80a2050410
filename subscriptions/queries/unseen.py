"""What is told of subscriptions that whoever looks may not see: that they are there, and nothing else of them."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from processes.access.viewer import seen_ids
from subscriptions import tree
from subscriptions.models import Subscription
from subscriptions.start_rules import Neighbour

UNSEEN = "A subscription that you may not see"
ONE = "one that you may not see"


def unseen(ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of the ids that whoever looks may not see; one query, and none where everything is seen."""
    wanted = list(dict.fromkeys(ids))
    return frozenset(wanted) - seen_ids(Subscription, wanted) if wanted else frozenset()


def unseen_owners(subscription: tree.Subscription) -> frozenset[UUID]:
    """Of the owners of blocks that a subscription reaches, those that may not be seen."""
    ours = subscription.subscription_id
    owners = {node.owner.subscription_id for node in tree.reached_nodes(tree.root_of(subscription))}
    return unseen(owners - {ours})


def told(neighbours: Iterable[Neighbour]) -> tuple[Neighbour, ...]:
    """Those that whoever looks may see; of all others together no more than that there is one."""
    listed = list(neighbours)
    return without(listed, unseen(one.subscription_id for one in listed if one.subscription_id is not None))


def without(neighbours: Sequence[Neighbour], hidden: frozenset[UUID]) -> tuple[Neighbour, ...]:
    """The same of those that are known to be hidden."""
    shown = tuple(one for one in neighbours if one.subscription_id not in hidden)
    return shown if len(shown) == len(neighbours) else (*shown, Neighbour(None, ONE))
