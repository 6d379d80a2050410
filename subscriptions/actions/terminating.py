"""End what never came to be."""

from uuid import UUID

from django.db import transaction

from subscriptions import tree
from subscriptions.actions.history import Cause
from subscriptions.actions.saving import save
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.queries.loading import load


@transaction.atomic
def terminate_unfinished(subscription_id: UUID, *, cause: Cause) -> bool:
    """Terminate a subscription that is still initial, as an aborted creation leaves it; tells whether it was.

    Nothing of it was delivered, so it agrees with reality from then on.
    """
    subscription = load(subscription_id)
    if subscription.status != SubscriptionLifecycle.INITIAL:
        return False
    subscription.move_to(SubscriptionLifecycle.TERMINATED)
    tree.set_insync(subscription, insync=True)
    save([subscription], cause=cause)
    return True
