"""What can be started on a subscription, and why not: the facts behind `rules`, and the list for people."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from processes import actions, permissions, registry
from processes.engine.definition import Workflow
from processes.engine.errors import Blocker
from processes.engine.status import Target
from processes.models import ResourceLock
from products.queries import offers
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.models import Subscription
from subscriptions.queries.loading import UnknownSubscription
from subscriptions.rules import Facts, Neighbour, Reason, StartRule, reason_against

GROUPS = [target.value for target in Target]


def lock_key(subscription_id: UUID | str) -> str:
    """The resource that a process holds while it works on a subscription."""
    return f"subscription:{subscription_id}"


def rule_of(workflow: Workflow) -> StartRule:
    """What a workflow asks of a subscription: what its binding says, or what its target implies."""
    rule = getattr(workflow.binding, "rule", None)
    return rule if isinstance(rule, StartRule) else StartRule.of(workflow.target)


def facts_of(row: Subscription) -> Facts:
    """What a decision about this subscription needs, in two queries."""
    users = list(_neighbours(Subscription.objects.live().users_of(row.pk)))
    used = _neighbours(Subscription.objects.live().used_by(row.pk).filter(insync=False))
    broken = {one.subscription_id: one for one, insync in users if not insync}
    broken |= {one.subscription_id: one for one, _ in used}
    return Facts(SubscriptionLifecycle(row.status), row.insync, tuple(broken.values()), tuple(one for one, _ in users))


def check_start(workflow: Workflow, row: Subscription) -> None:
    """Raise `StartRefused` with the reason and who is in the way, unless the workflow may be started on this now."""
    reason = reason_against(rule_of(workflow), facts_of(row))
    if reason is not None:
        raise reason.refusal()


def startable(subscription_id: UUID, user: permissions.AnyUser) -> dict[str, list[dict[str, Any]]]:
    """The workflows that the product offers on its subscriptions, by target.

    Each is `{"name", "description"}`; one that cannot be started now has a `reason` in words, `reason_code`
    for programs, `blockers` (`[{"kind", "id", "label"}]`), and where they matter `status`, `usable_when`, `action`,
    `locked_relations`, `locked_relations_detail` or `unterminated_parents`. Raises `UnknownSubscription`.
    """
    row = Subscription.objects.filter(pk=subscription_id).first()
    if row is None:
        raise UnknownSubscription(subscription_id)
    facts, busy, paused = facts_of(row), _busy(row), _paused()
    found: dict[str, list[dict[str, Any]]] = {target: [] for target in GROUPS}
    for target, names in offers(row.product_id).items():
        if target != Target.CREATE:
            found[target] = [
                _item(workflow, facts, _against(workflow, facts, busy, user) or paused) for workflow in _known(names)
            ]
    return found


def _known(names: Iterable[str]) -> Iterable[Workflow]:
    workflows = registry.all_workflows()
    return (workflows[name] for name in names if name in workflows)


def _against(workflow: Workflow, facts: Facts, busy: Reason | None, user: permissions.AnyUser) -> Reason | None:
    return busy or reason_against(rule_of(workflow), facts) or _not_permitted(workflow, user)


def _item(workflow: Workflow, facts: Facts, reason: Reason | None) -> dict[str, Any]:
    item: dict[str, Any] = {"name": workflow.name, "description": workflow.description}
    if reason is None:
        return item
    blockers = [{"kind": one.kind, "id": one.id, "label": one.label} for one in reason.blockers]
    item |= {"reason": reason.text, "reason_code": reason.code, "blockers": blockers}
    if reason.usable_when:
        item |= {"usable_when": list(reason.usable_when), "status": facts.status, "action": workflow.target}
    if reason.code == "subscription.relations_not_in_sync":
        item["locked_relations"] = [one["id"] for one in blockers]
        item["locked_relations_detail"] = [
            {"subscription_id": one["id"], "description": one["label"]} for one in blockers
        ]
    if reason.code == "subscription.no_modify_subscription_in_use_by_others":
        item["unterminated_parents"] = [one["id"] for one in blockers]
    return item


def _busy(row: Subscription) -> Reason | None:
    locks = ResourceLock.objects.filter(resource=lock_key(row.pk))
    lock = locks.select_related("process__workflow_version__workflow").first()
    if lock is None:
        return None
    label = lock.process.workflow_version.workflow.description or lock.process.workflow_name
    blocker = Blocker("process", str(lock.process_id), label)
    return Reason("subscription.locked", f"A process is running on it: {label}.", (blocker,))


def _paused() -> Reason | None:
    try:
        actions.check_running()
    except actions.EnginePaused as error:
        return Reason("engine.paused", error.reason)
    return None


def _not_permitted(workflow: Workflow, user: permissions.AnyUser) -> Reason | None:
    decision = permissions.decide(user, permissions.Action.START, workflow)
    if decision.allowed:
        return None
    return Reason("subscription.insufficient_workflow_permissions", decision.reason)


def _neighbours(rows: Any) -> Iterable[tuple[Neighbour, bool]]:
    found = rows.order_by("description", "id").values_list("id", "description", "insync")
    return ((Neighbour(subscription_id, description), insync) for subscription_id, description, insync in found)
