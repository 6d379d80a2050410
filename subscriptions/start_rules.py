"""May this workflow be started on this subscription now, and if not, why? One rule for lists, forms, starts. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from processes.engine.values.errors import Blocker, StartRefused
from processes.engine.values.status import Target
from subscriptions.lifecycle import USABLE_WHEN, SubscriptionLifecycle

SHOWN = 10
"""Blockers that a reason names in words; all of them are listed beside it."""


@dataclass(frozen=True)
class StartRule:
    """What a workflow asks of the subscription it is started on."""

    target: Target
    usable_when: frozenset[SubscriptionLifecycle]
    needs_sync: bool
    needs_no_users: bool
    needs_lock: bool = True

    @classmethod
    def of(cls, target: Target) -> "StartRule":
        """What a workflow of this target asks unless it says otherwise.

        Validate and reconcile are there to put right what is out of sync, so they do not ask for it.
        """
        asks_sync = target in {Target.MODIFY, Target.TERMINATE, Target.SYSTEM}
        return cls(target, USABLE_WHEN[target], asks_sync, target is Target.TERMINATE)


@dataclass(frozen=True)
class Neighbour:
    """A subscription that this one refers to or is referred to by; without id, how many there are that stay unnamed."""

    subscription_id: UUID | None
    description: str

    @property
    def blocker(self) -> Blocker:
        return Blocker("subscription", str(self.subscription_id or ""), self.description)


@dataclass(frozen=True)
class Facts:
    """What a decision about one subscription needs; neighbours are direct ones that are not terminated."""

    status: SubscriptionLifecycle
    insync: bool
    out_of_sync: tuple[Neighbour, ...] = ()
    users: tuple[Neighbour, ...] = ()


class ReasonCode(StrEnum):
    """Why not, for programs; the words of orchestrator-core where it has one."""

    LOCKED = "subscription.locked"
    NOT_IN_SYNC = "subscription.not_in_sync"
    RELATIONS_NOT_IN_SYNC = "subscription.relations_not_in_sync"
    INVALID_STATUS = "subscription.no_modify_invalid_status"
    IN_USE = "subscription.no_modify_subscription_in_use_by_others"
    NOT_PERMITTED = "subscription.insufficient_workflow_permissions"
    ENGINE_PAUSED = "engine.paused"


@dataclass(frozen=True)
class Reason:
    """Why a workflow cannot be started now, and who is in the way.

    `summary` is a sentence; with blockers it has no full stop, since they follow it.
    """

    code: ReasonCode
    summary: str
    blockers: tuple[Blocker, ...] = ()
    usable_when: tuple[SubscriptionLifecycle, ...] = ()

    @property
    def text(self) -> str:
        """The whole of it in a sentence, with the first blockers by name."""
        return f"{self.summary}: {listed([one.label for one in self.blockers])}." if self.blockers else self.summary

    def refusal(self) -> StartRefused:
        """The same as an error."""
        return StartRefused(self.text, self.blockers)


def reason_against(rule: StartRule, facts: Facts) -> Reason | None:
    """The first thing that stands in the way of a start, or None."""
    if rule.needs_sync and not facts.insync:
        return Reason(ReasonCode.NOT_IN_SYNC, "The subscription is out of sync.")
    if rule.needs_sync and facts.out_of_sync:
        blockers = _blockers(facts.out_of_sync)
        return Reason(ReasonCode.RELATIONS_NOT_IN_SYNC, "Related subscriptions are out of sync", blockers)
    if facts.status not in rule.usable_when:
        return _wrong_status(rule, facts.status)
    if rule.needs_no_users and facts.users:
        return Reason(ReasonCode.IN_USE, "The subscription is in use by", _blockers(facts.users))
    return None


def named(neighbours: Sequence[Neighbour]) -> str:
    """The first few by description, and how many more there are."""
    return listed([one.description for one in neighbours])


def listed(names: Sequence[str]) -> str:
    """The first few of these names, and how many more there are."""
    first = ", ".join(names[:SHOWN])
    more = len(names) - SHOWN
    return f"{first} and {more} more" if more > 0 else first


def _wrong_status(rule: StartRule, status: SubscriptionLifecycle) -> Reason:
    usable = tuple(one for one in SubscriptionLifecycle if one in rule.usable_when)
    *more, last = usable or ("not there yet",)
    statuses = f"{', '.join(more)} or {last}" if more else last
    text = f"The subscription is {status}; this can be started when it is {statuses}."
    return Reason(ReasonCode.INVALID_STATUS, text, usable_when=usable)


def _blockers(neighbours: Sequence[Neighbour]) -> tuple[Blocker, ...]:
    return tuple(one.blocker for one in neighbours)
