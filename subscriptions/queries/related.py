"""Whom a subscription uses and who uses it, as its page shows them, by one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from uuid import UUID

from processes.access.viewer import seen_ids
from processes.store.statements import uuid
from subscriptions.models import Subscription
from subscriptions.queries.statements import RELATED


@dataclass(frozen=True)
class RelatedSubscription:
    """Another subscription, as far as a link to it tells."""

    id: UUID
    description: str
    status: str
    insync: bool
    product_name: str


@dataclass(frozen=True)
class BlockUsers:
    """The first few live subscriptions of others that refer to a block, and how many there are."""

    first: Sequence[RelatedSubscription]
    number: int


@dataclass(frozen=True)
class Related:
    """The first fifty on each side, terminated ones too, by description; and the live users of each own block."""

    uses: Sequence[RelatedSubscription]
    users: Sequence[RelatedSubscription]
    of_blocks: Mapping[UUID, BlockUsers]


def related(subscription_id: UUID) -> Related:
    """All that is shown of others on the page of a subscription."""
    sides: tuple[list[RelatedSubscription], list[RelatedSubscription]] = ([], [])
    first: dict[UUID, list[RelatedSubscription]] = {}
    numbers: dict[UUID, int] = {}
    for kind, pk, description, status, insync, product_name, block, number in RELATED.rows([subscription_id]):
        other = RelatedSubscription(uuid(pk), description, status, bool(insync), product_name)
        if kind < 2:
            sides[kind].append(other)
        else:
            first.setdefault(uuid(block), []).append(other)
            numbers[uuid(block)] = number
    shown = seen_ids(Subscription, [other.id for other in [*sides[0], *sides[1], *chain(*first.values())]])
    uses, users = ([other for other in side if other.id in shown] for side in sides)
    return Related(uses, users, {block: _users(some, numbers[block], shown) for block, some in first.items()})


def _users(first: Sequence[RelatedSubscription], number: int, shown: set[UUID]) -> BlockUsers:
    """Those that may be seen; of others not even the number is told."""
    some = [other for other in first if other.id in shown]
    return BlockUsers(some, number if len(some) == len(first) else len(some))
