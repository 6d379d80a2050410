"""Choices for forms: of customers, subscriptions and blocks; listed where there are few, else searched."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from pydantic_forms.validators import Choice

from processes.access.viewer import seen
from processes.lists.counts import if_few
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.models import BlockInstance, Customer, Subscription
from subscriptions.queries.lists import subscriptions
from subscriptions.queries.searched import Searched
from subscriptions.queries.unseen import UNSEEN, unseen

MOST_OPTIONS = 200
"""Options that a choice lists; where there are more, it is searched."""
ACTIVE = SubscriptionLifecycle.ACTIVE


def customer_choices() -> type[Choice]:
    """A choice of customer ids, shown by full name and in its order."""
    rows = seen(Customer.objects.order_by("fullname")).values_list("id", "fullname")
    few = if_few(rows, MOST_OPTIONS)
    if few is not None:
        return choice("CustomerChoice", dict(few))

    class SearchedCustomer(Searched):
        json = {"format": "customerId", "search": {}}

        @classmethod
        def meant(cls, text: str) -> QuerySet[Any]:
            of_id = rows.filter(pk=text)
            return of_id if of_id else rows.filter(fullname__iexact=text)

    return cast("type[Choice]", SearchedCustomer)


def subscription_choices(
    *, product_type: str | None = None, tag: str | None = None, status: SubscriptionLifecycle | str = ACTIVE
) -> type[Choice]:
    """A choice of subscription ids, shown by description and in its order."""
    rows = subscriptions(product_type=product_type, tag=tag, status=status).values_list("id", "description")
    few = if_few(rows, MOST_OPTIONS)
    if few is not None:
        return choice("SubscriptionChoice", {str(subscription_id): description for subscription_id, description in few})
    asked = {"product_type": product_type, "tag": tag, "status": str(status)}

    class SearchedSubscription(Searched):
        json = {"format": "subscriptionId", "search": {name: value for name, value in asked.items() if value}}

        @classmethod
        def named(cls, text: str) -> QuerySet[Any]:
            return rows.filter(description=text)

        @classmethod
        def of_id(cls, one: UUID) -> QuerySet[Any]:
            return rows.filter(pk=one)

    return cast("type[Choice]", SearchedSubscription)


def block_choices(
    *blocks: str, status: SubscriptionLifecycle | str = ACTIVE, name: str = "BlockChoice"
) -> type[Choice]:
    """A choice of block instances of these kinds, shown by the description of the subscription that owns them.

    Where one subscription owns several of them, the label of the instance, or part of its id, follows.
    """
    rows = of_seen(BlockInstance.objects.filter(block_name__in=blocks, subscription__status=status))
    named = rows.order_by("subscription__description", "id").values_list("id", "subscription__description", "label")
    few = if_few(named, MOST_OPTIONS)
    if few is not None:
        return choice(name, _told_apart(few))

    class SearchedBlock(Searched):
        json = {"format": "blockInstanceId", "search": {"blocks": ",".join(blocks), "status": str(status)}}

        @classmethod
        def named(cls, text: str) -> QuerySet[Any]:
            return rows.filter(subscription__description=text).values_list("id", "subscription__description")

        @classmethod
        def of_id(cls, one: UUID) -> QuerySet[Any]:
            return rows.filter(pk=one).values_list("id", "subscription__description")

    return cast("type[Choice]", SearchedBlock)


def of_seen(rows: QuerySet[BlockInstance]) -> QuerySet[BlockInstance]:
    """The blocks of subscriptions that whoever looks may see."""
    everything = Subscription.objects.all()
    narrowed = seen(everything)
    return rows if narrowed is everything else rows.filter(subscription__in=narrowed)


def block_labels(ids: Iterable[UUID]) -> dict[str, str]:
    """What a choice calls these block instances, by id; of those that may not be seen, that they are there."""
    rows = BlockInstance.objects.filter(pk__in=list(ids)).order_by("subscription__description", "id")
    found = list(rows.values_list("id", "subscription_id", "subscription__description", "label"))
    hidden = unseen(owner for _, owner, _, _ in found)
    told = _told_apart((key, description, label) for key, owner, description, label in found if owner not in hidden)
    return told | {str(key): UNSEEN for key, owner, _, _ in found if owner in hidden}


def choice(name: str, options: dict[str, str]) -> type[Choice]:
    """A choice type of values with the labels that people see; values may be any text."""
    members = {f"option_{number}": option for number, option in enumerate(options.items())}
    return cast("type[Choice]", Choice.__call__(name, members))


def _told_apart(rows: Iterable[tuple[UUID, str, str | None]]) -> dict[str, str]:
    found = list(rows)
    times = Counter(description for _, description, _ in found)
    return {
        str(instance_id): description if times[description] == 1 else f"{description} ({label or str(instance_id)[:8]})"
        for instance_id, description, label in found
    }
