"""Keep the in-sync flag: whether a subscription agrees with reality as far as we know.

It is a flag of now: a flip makes no version, since the processes that flip it are kept, and each says when.
"""

from uuid import UUID

from django.db import transaction

from processes.access import audit, permissions
from processes.access.kinds import Ref
from processes.engine.values.status import ENDED_STATUSES
from processes.models import Process, ResourceLock
from subscriptions.actions.errors import UnfinishedProcesses
from subscriptions.models import Subscription
from subscriptions.queries.loading import UnknownSubscription
from subscriptions.queries.starting import lock_key


def mark_out_of_sync(subscription_id: UUID) -> None:
    """Say that it may not agree with reality from now on. Raises `UnknownSubscription`."""
    _mark(subscription_id, insync=False)


def mark_in_sync(subscription_id: UUID) -> None:
    """Say that it agrees with reality. Raises `UnknownSubscription`."""
    _mark(subscription_id, insync=True)


@transaction.atomic
def set_in_sync(subscription_id: UUID, *, by: permissions.AnyUser) -> None:
    """A person says that it agrees with reality; nothing happens when it already does.

    Raises `Denied`, `UnknownSubscription`, and `UnfinishedProcesses` while a process that is no task is neither
    completed nor aborted.
    """
    permissions.check(by, permissions.Action.SET_IN_SYNC, Ref("subscription", subscription_id))
    row = Subscription.objects.select_for_update().filter(pk=subscription_id).first()
    if row is None:
        raise UnknownSubscription(subscription_id)
    if row.insync:
        return
    unfinished = Process.objects.about("subscription", str(subscription_id)).filter(is_task=False)
    found = unfinished.exclude(status__in=sorted(ENDED_STATUSES)).values_list("id", "workflow_name")
    if found:
        raise UnfinishedProcesses(list(found))
    mark_in_sync(subscription_id)
    detail = {"changes": {"insync": {"from": False, "to": True}}}
    audit.record(
        "subscription.set_in_sync",
        by=by.get_username(),
        kind="subscription",
        subject=subscription_id,
        detail=detail,
    )


@transaction.atomic
def settle(subscription_id: UUID, *, insync: bool) -> None:
    """Say whether it agrees with reality, as a process without its lock has found; one that has it says so itself.

    The row is locked first: whoever takes the lock meanwhile marks it afterwards.
    """
    list(Subscription.objects.select_for_update().filter(pk=subscription_id).values("pk"))
    if not ResourceLock.objects.filter(resource=lock_key(subscription_id)).exists():
        _mark(subscription_id, insync=insync)


def _mark(subscription_id: UUID, *, insync: bool) -> None:
    row = Subscription.objects.filter(pk=subscription_id)
    if not row.exclude(insync=insync).update(insync=insync) and not row.exists():
        raise UnknownSubscription(subscription_id)
