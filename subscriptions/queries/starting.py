"""What can be started on a subscription, and why not: the facts behind `rules`, and the list for people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from processes import actions
from processes.access import permissions
from processes.access.kinds import Intended
from processes.access.viewer import seen_ids
from processes.engine.binding import Subject
from processes.engine.values.errors import Blocker
from processes.engine.values.status import Target
from processes.engine.workflow import Workflow
from processes.models import Process
from processes.plugins import registry
from processes.store.statements import uuid
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.queries import statements
from subscriptions.queries.loading import UnknownSubscription
from subscriptions.queries.unseen import ONE, unseen, without
from subscriptions.start_rules import Facts, Neighbour, Reason, ReasonCode, StartRule, reason_against


def lock_key(subscription_id: UUID | str) -> str:
    """The resource that a process holds while it works on a subscription."""
    return f"subscription:{subscription_id}"


def rule_of(workflow: Workflow) -> StartRule:
    """What a workflow asks of a subscription: what its binding says, or what its target implies."""
    rule = getattr(workflow.binding, "rule", None)
    return rule if isinstance(rule, StartRule) else StartRule.of(workflow.target)


@dataclass(frozen=True)
class Candidate:
    """A subscription that something may be started on: what decides that, and what its product offers by target.

    `lock` is the process that works on it; `is_paused` whether the engine is.
    """

    subscription_id: UUID
    description: str
    version: int
    product_id: UUID
    product_name: str
    customer_id: str
    offers: Mapping[str, Sequence[str]]
    facts: Facts
    lock: Blocker | None
    is_paused: bool

    def is_offered(self, workflow_name: str) -> bool:
        """Whether the product offers this workflow."""
        return any(workflow_name in names for names in self.offers.values())


def candidate(subscription_id: UUID, *, rule: StartRule | None = None) -> Candidate:
    """All that the decision about a start needs, in one query; with a rule, no more than that one asks.

    Raises `UnknownSubscription`.
    """
    with_users = rule is None or rule.needs_no_users
    rows = statements.CANDIDATE.rows([subscription_id], with_users=with_users, resource=lock_key(subscription_id))
    if not rows or rows[0][0] != 0:
        raise UnknownSubscription(subscription_id)
    _, pk, description, insync, status, product_name, version, product_id, customer_id, _ = rows[0]
    offers: dict[str, list[str]] = {}
    lock: Blocker | None = None
    for kind, holder, label, _, target, name, *_ in rows:
        if kind == 1:
            offers.setdefault(target, []).append(name)
        if kind == 4:
            is_seen = seen_ids(Process, [uuid(holder)])
            lock = Blocker("process", str(uuid(holder)) if is_seen else "", label if is_seen else ONE)
    facts = Facts(SubscriptionLifecycle(status), bool(insync), *_neighbours(rows))
    return Candidate(
        uuid(pk), description, version, uuid(product_id), product_name, customer_id, offers, facts, lock,
        is_paused=rows[-1][0] == 5,
    )  # fmt: skip


def check_start(workflow: Workflow, subscription: Candidate) -> None:
    """Raise `StartRefused` with the reason and who is in the way, unless the workflow may be started on this now."""
    reason = reason_against(rule_of(workflow), subscription.facts)
    if reason is not None and reason.code is ReasonCode.NOT_IN_SYNC:
        reason = _busy(subscription) or reason  # out of sync since a process works on it: that one is named
    if reason is not None:
        raise reason.refusal()


@dataclass(frozen=True)
class StartOption:
    """A workflow that the product offers on a subscription of this status; with a reason when it cannot be started."""

    workflow_name: str
    description: str
    target: Target
    status: SubscriptionLifecycle
    reason: Reason | None = None


def startable(subscription_id: UUID, user: permissions.AnyUser) -> list[StartOption]:
    """The workflows that the product offers on its subscriptions, as this user may start them now.

    Raises `UnknownSubscription`.
    """
    return start_options(candidate(subscription_id), user)


def start_options(subscription: Candidate, user: permissions.AnyUser) -> list[StartOption]:
    """The same of a subscription at hand."""
    facts, busy, paused = subscription.facts, _busy(subscription), _paused(subscription)
    names = [name for target, offered in subscription.offers.items() if target != Target.CREATE for name in offered]
    return [
        StartOption(
            workflow.name,
            workflow.description,
            workflow.target,
            facts.status,
            _against(workflow, subscription, busy, user) or paused,
        )
        for workflow in _known(names)
    ]


def _known(names: Iterable[str]) -> Iterable[Workflow]:
    workflows = registry.all_workflows()
    return (workflows[name] for name in names if name in workflows)


def _against(
    workflow: Workflow, subscription: Candidate, busy: Reason | None, user: permissions.AnyUser
) -> Reason | None:
    rule = rule_of(workflow)
    locked = busy if rule.needs_lock else None
    return locked or reason_against(rule, subscription.facts) or _not_permitted(workflow, subscription, user)


def _busy(subscription: Candidate) -> Reason | None:
    if subscription.lock is None:
        return None
    return Reason(ReasonCode.LOCKED, "A process is running on it", (subscription.lock,))


def _paused(subscription: Candidate) -> Reason | None:
    return Reason(ReasonCode.ENGINE_PAUSED, actions.EnginePaused().reason) if subscription.is_paused else None


def _not_permitted(workflow: Workflow, subscription: Candidate, user: permissions.AnyUser) -> Reason | None:
    about = (Subject("subscription", str(subscription.subscription_id), subscription.description),)
    intended = Intended(workflow, about, user.get_username())
    decision = permissions.decide(user, permissions.Action.START, intended)
    if decision.allowed:
        return None
    return Reason(ReasonCode.NOT_PERMITTED, decision.reason)


def _neighbours(rows: Iterable[tuple[Any, ...]]) -> tuple[tuple[Neighbour, ...], tuple[Neighbour, ...]]:
    """Of the rows of `CANDIDATE`: those that are out of sync, users first, each once; and those that use it.

    Of those that whoever looks may not see no more is told than that there is one.
    """
    around = [(kind, Neighbour(uuid(pk), label), insync) for kind, pk, label, insync, *_ in rows if kind in {2, 3}]
    hidden = unseen(one.subscription_id for _, one, _ in around if one.subscription_id is not None)
    broken = list(dict.fromkeys(one for _, one, insync in around if not insync))
    users = [one for kind, one, _ in around if kind == 2]
    return without(broken, hidden), without(users, hidden)
