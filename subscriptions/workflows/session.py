"""One step's view of subscriptions: each is read once, what is returned is saved, nothing is lost silently."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from processes.engine.binding import StepRun, Subject
from subscriptions import tree
from subscriptions.actions import Cause, NotLocked, save
from subscriptions.queries.loading import load
from subscriptions.queries.starting import lock_key
from subscriptions.workflows.injection import NoSubscription, subscriptions_for

__all__ = ["SUBJECT", "ChangedNotReturned", "NoSubscription", "SubscriptionSession", "reference", "subject_of"]

SUBJECT = "subscription"


class ChangedNotReturned(Exception):
    """A step changed a subscription and did not return it, so that the change would be lost."""

    def __init__(self, description: str) -> None:
        super().__init__(f'The step changed “{description}” and did not return it; return {{"subscription": …}}.')


class SubscriptionSession:
    """Hands out the same object for the same subscription, within one try of a step."""

    def __init__(self, run: StepRun) -> None:
        self._run = run
        self._read: dict[UUID, tree.Subscription] = {}
        self._to_save: list[tuple[tree.Subscription, tree.Mark]] = []

    def inject(self, name: str, annotation: object, value: object) -> object:
        """A subscription, several, or none, by the annotation of the parameter; freshly read."""
        return subscriptions_for(name, annotation, value, self._find)

    def collect(self, returned: Mapping[str, object]) -> dict[str, Any]:
        """What is returned, with `{"subscription_id", "version"}` in place of subscriptions.

        Raises `ChangedNotReturned`, `NotLocked`, `ValuesMissing` and `RulesBroken`, so that what cannot be saved fails
        here already.
        """
        found: dict[UUID, tree.Subscription] = {}
        state = {key: self._collected(value, found) for key, value in returned.items()}
        for subscription_id, subscription in self._read.items():
            if subscription_id not in found and tree.changes_of(subscription):
                raise ChangedNotReturned(subscription.description)
        self._to_save = [(one, tree.mark_of(one)) for one in found.values() if tree.changes_of(one)]
        for subscription, _ in self._to_save:
            if lock_key(subscription.subscription_id) not in self._run.resources:
                raise NotLocked(subscription.description)
            tree.check_complete(subscription, subscription.status)
            tree.check_rules(subscription)
        return state

    @property
    def has_changes(self) -> bool:
        return bool(self._to_save)

    def commit(self) -> tuple[Subject, ...]:
        """Save what was returned and has changed, as one version each; the same again when the first time was lost.

        The subjects are those with another description: each was named when the process locked it.
        """
        for subscription, mark in self._to_save:
            tree.put_back(subscription, mark)
        changed = [subscription for subscription, _ in self._to_save]
        renamed = [one for one in changed if "description" in tree.changes_of(one).header]
        save(changed, cause=Cause(self._run.by, timezone.now(), self._run.process_id, self._run.path))
        return tuple(subject_of(one) for one in renamed)

    def _find(self, subscription_id: UUID) -> tree.Subscription:
        if subscription_id not in self._read:
            self._read[subscription_id] = load(subscription_id)
        return self._read[subscription_id]

    def _collected(self, value: object, found: dict[UUID, tree.Subscription]) -> Any:
        match value:
            case tree.Subscription():
                found[value.subscription_id] = value
                return reference(value)
            case Mapping():
                return {key: self._collected(item, found) for key, item in value.items()}
            case list() | tuple():
                return [self._collected(item, found) for item in value]
            case _:
                return value


def reference(subscription: tree.Subscription) -> dict[str, Any]:
    """What the state keeps of a subscription: its id, and the version it has once what changed is saved."""
    version = subscription.version + bool(tree.changes_of(subscription))
    return {"subscription_id": str(subscription.subscription_id), "version": version}


def subject_of(subscription: tree.Subscription) -> Subject:
    """The subscription as lists of processes show it."""
    return Subject(SUBJECT, str(subscription.subscription_id), subscription.description)
