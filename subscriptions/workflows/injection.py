"""Subscriptions as arguments of steps and forms: which annotations ask for them, and which subscription is meant."""

from collections.abc import Callable, Mapping
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin
from uuid import UUID

from processes.engine.binding import MISSING
from subscriptions import tree
from subscriptions.queries import get

KINDS = "`Subscription`, `list[Subscription]`, either of them `| None`"


class NoSubscription(ValueError):
    """A step or form asks for a subscription, and the state has nothing there that names one."""

    def __init__(self, name: str) -> None:
        super().__init__(f'The step requires the subscription "{name}", but the state does not name one there.')


def asks_for_subscriptions(annotation: object) -> bool:
    """Whether a parameter with this annotation is filled with one subscription, several, or none."""
    wanted = _without_none(annotation)
    return _is_subscription(wanted) or (get_origin(wanted) is list and _is_subscription(get_args(wanted)[0]))


def subscriptions_for(
    name: str, annotation: object, value: object, find: Callable[[UUID], tree.Subscription]
) -> object:
    """What a parameter gets, or MISSING when it asks for no subscription or the state has nothing of its name.

    Raises `NoSubscription` when what is there does not name one, and what `find` raises.
    """
    if value is MISSING or not asks_for_subscriptions(annotation):
        return MISSING
    wanted = _without_none(annotation)
    if value is None and wanted is not annotation:
        return None
    if _is_subscription(wanted):
        return find(_id(name, value))
    if not isinstance(value, list):
        raise NoSubscription(name)
    return [find(_id(name, item)) for item in value]


class SubscriptionReader:
    """What forms and input steps are handed: subscriptions to read, each read once."""

    def __init__(self) -> None:
        self._read: dict[UUID, tree.Subscription] = {}

    def inject(self, name: str, annotation: object, value: object) -> object:
        """A subscription, several, or none, by the annotation; assigning to one raises `BlockReadOnly`."""
        return subscriptions_for(name, annotation, value, self._find)

    def _find(self, subscription_id: UUID) -> tree.Subscription:
        if subscription_id not in self._read:
            self._read[subscription_id] = get(subscription_id)
        return self._read[subscription_id]


def _without_none(annotation: object) -> object:
    """The annotation, or what it is when it is not None."""
    if get_origin(annotation) not in {UnionType, Union}:
        return annotation
    rest = [one for one in get_args(annotation) if one is not NoneType]
    return rest[0] if len(rest) == 1 else annotation


def _is_subscription(annotation: object) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, tree.Subscription)


def _id(name: str, value: Any) -> UUID:
    key = value.get("subscription_id") if isinstance(value, Mapping) else value
    try:
        return key if isinstance(key, UUID) else UUID(str(key))
    except ValueError as error:
        raise NoSubscription(name) from error
