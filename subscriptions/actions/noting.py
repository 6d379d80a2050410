"""Write the note of a subscription, whoever works on the rest of it."""

from uuid import UUID

from django.db import transaction

from subscriptions.actions.history import Cause
from subscriptions.actions.saving import write
from subscriptions.actions.statements import lock_rows
from subscriptions.queries.loading import load


@transaction.atomic
def write_note(subscription_id: UUID, note: str | None, *, cause: Cause) -> None:
    """Give it this note and leave all else as it is now: a version of its own. Raises `UnknownSubscription`.

    A process that has read it before goes on regardless: it takes the note over when it saves (`saving.save`).
    """
    lock_rows([subscription_id])
    subscription = load(subscription_id)
    if subscription.note != note:
        subscription.note = note
        write(subscription, cause=cause)
