"""One step's view of subscriptions: each is read once, what is returned is saved, nothing is lost silently."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.utils import timezone

from processes.engine.binding import StepRun, Subject
from subscriptions import tree
from subscriptions.actions import Cause, NotLocked, admit, save, write_note
from subscriptions.queries.loading import load
from subscriptions.queries.starting import lock_key, rule_of
from subscriptions.workflows.creating import Creations, begin_step, end_step
from subscriptions.workflows.injection import NoSubscription, subscriptions_for

__all__ = ["SUBJECT", "ChangedNotReturned", "NoSubscription", "SubscriptionSession", "reference", "subject_of"]

SUBJECT = "subscription"


class ChangedNotReturned(Exception):
    """A step changed a subscription and did not return it, so that the change would be lost."""

    def __init__(self, description: str) -> None:
        super().__init__(f'The step changed “{description}” and did not return it; return {{"subscription": …}}.')


class SubscriptionSession:
    """Hands out the same object for the same subscription, within one try of a step."""

    def __init__(self, run: StepRun, *, find: Callable[[UUID], tree.Subscription] = load) -> None:
        self._run = run
        self._load = find
        self._created = Creations(run)
        begin_step(self._created)
        self._read: dict[UUID, tree.Subscription] = {}
        self._to_save: list[tuple[tree.Subscription, tree.Mark]] = []
        self._to_note: list[tree.Subscription] = []

    def inject(self, name: str, annotation: object, value: object) -> object:
        """A subscription, several, or none, by the annotation of the parameter; freshly read."""
        return subscriptions_for(name, annotation, value, self._find)

    def collect(self, returned: Mapping[str, object]) -> dict[str, Any]:
        """What is returned, with `{"subscription_id", "version"}` in place of subscriptions.

        Raises `ChangedNotReturned`, `NotLocked`, `ValuesMissing` and `RulesBroken`, so that what cannot be saved fails
        here already.
        """
        end_step()
        found: dict[UUID, tree.Subscription] = {}
        state = {key: self._collected(value, found) for key, value in returned.items()}
        for subscription_id, subscription in (self._read | self._created.made).items():
            if subscription_id not in found and tree.changes_of(subscription):
                raise ChangedNotReturned(subscription.description)
        changed = [one for one in found.values() if tree.changes_of(one)]
        self._to_note = [one for one in changed if self._is_noted(one)]
        self._to_save = [(one, tree.mark_of(one)) for one in changed if one not in self._to_note]
        for subscription, _ in self._to_save:
            if not self._is_locked(subscription):
                raise NotLocked(subscription.description)
            tree.check_complete(subscription, subscription.status)
            tree.check_rules(subscription)
        return state

    def _is_locked(self, subscription: tree.Subscription) -> bool:
        is_held = lock_key(subscription.subscription_id) in self._run.resources
        return is_held or subscription.subscription_id in self._created.made

    def _is_noted(self, subscription: tree.Subscription) -> bool:
        """Whether no more than the note was changed, by a workflow that needs no lock for it."""
        if self._is_locked(subscription) or rule_of(self._run.workflow).needs_lock:
            return False
        changes = tree.changes_of(subscription)
        return not changes.is_tree_changed and changes.header.keys() == {"note"}

    @property
    def has_changes(self) -> bool:
        return bool(self._to_save or self._to_note)

    def commit(self) -> tuple[Subject, ...]:
        """Save what was returned and has changed, as one version each; the same again when the first time was lost.

        The subjects are those with another description: each was named when the process locked it.
        """
        for subscription, mark in self._to_save:
            tree.put_back(subscription, mark)
        changed = [subscription for subscription, _ in self._to_save]
        made = self._created.made
        renamed = [
            one for one in changed if one.subscription_id in made or "description" in tree.changes_of(one).header
        ]
        cause = Cause(self._run.by, timezone.now(), self._run.process_id, self._run.path)
        for subscription in changed:
            if subscription.subscription_id in self._created.made:
                admit(subscription, cause=cause)
        save(changed, cause=cause)
        for noted in self._to_note:
            write_note(noted.subscription_id, noted.note, cause=cause)
        return tuple(self._subject(one) for one in renamed)

    def _subject(self, subscription: tree.Subscription) -> Subject:
        """The subscription as the process lists it; one that is new is locked by it too."""
        subject = subject_of(subscription)
        is_new = subscription.subscription_id in self._created.made
        return replace(subject, takes=lock_key(subscription.subscription_id)) if is_new else subject

    def _find(self, subscription_id: UUID) -> tree.Subscription:
        if subscription_id not in self._read:
            is_ours = self._load is load or lock_key(subscription_id) in self._run.resources
            self._read[subscription_id] = load(subscription_id) if is_ours else self._load(subscription_id)
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
