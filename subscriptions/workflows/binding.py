"""What ties a workflow to a subscription: locked from start to end, out of sync meanwhile, in sync once it is done."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID, uuid5

from django.utils import timezone

from processes.engine.binding import End, Meanwhile, Reader, Start, Started, StepRun, StepSession, Subject
from processes.engine.values.errors import StartRefused
from processes.engine.values.status import FAILED_STATUSES, ProcessStatus, Target
from subscriptions.actions import Cause, mark_in_sync, mark_out_of_sync, mint, settle, terminate_unfinished
from subscriptions.models import Customer, Subscription, SubscriptionVersion
from subscriptions.queries.history import changes_since
from subscriptions.queries.loading import get
from subscriptions.queries.starting import Candidate, candidate, lock_key
from subscriptions.start_rules import StartRule
from subscriptions.workflows.further import Also, checked, ids_of
from subscriptions.workflows.injection import KINDS, SubscriptionReader, asks_for_subscriptions
from subscriptions.workflows.session import SUBJECT, SubscriptionSession
from subscriptions.workflows.start_form import (
    check_product,
    check_subscription,
    check_unchanged,
    is_number,
    is_uuid,
    subscription_state,
)
from subscriptions.workflows.verdicts import keep_verdict

_MINTED = UUID("6d1c0f5e-3f0a-4c8e-9d25-0c6c1c6a4a77")
_LOCK = lock_key("")
VERDICTS = {Target.VALIDATE, Target.RECONCILE}
"""What these come to says whether a subscription agrees with reality."""


@dataclass(frozen=True)
class SubscriptionBinding:
    """The binding of all workflows on subscriptions. `keeps_sync` false leaves the in-sync flag as it is."""

    rule: StartRule
    keeps_sync: bool = True
    also: tuple[Also, ...] = ()

    kinds: ClassVar[str] = KINDS

    @property
    def creates(self) -> bool:
        return self.rule.target is Target.CREATE

    def resources(self, start: Start) -> tuple[str, ...]:
        """The locks of the subscriptions; of a new one too, since its id follows from that of the process."""
        if not self.rule.needs_lock:
            return ()
        subscription_id = created_id(start.process_id) if self.creates else UUID(start.state["subscription_id"])
        return (lock_key(subscription_id), *_locks_of(self.also, start, but=subscription_id))

    def on_start(self, start: Start) -> Started:
        """Mint the subscription; or look again, under its lock, whether the workflow may be started on it.

        The state gets `subscription` (a reference), `subscription_id`, `product`, `product_name` and `customer_id`.
        """
        return self._create(start) if self.creates else self._begin(start)

    def supplies(self, annotation: object) -> bool:
        return asks_for_subscriptions(annotation)

    def reader(self) -> Reader:
        return SubscriptionReader()

    def session(self, run: StepRun) -> StepSession:
        return SubscriptionSession(run)

    def revision(self, answers: Mapping[str, Any]) -> str:
        """The version of the subscription that the answers to page 0 name."""
        key = self._named(answers)
        version = Subscription.objects.filter(pk=key).values_list("version", flat=True).first() if key else None
        return "" if version is None else str(version)

    def meanwhile(self, answers: Mapping[str, Any], since: str) -> tuple[Meanwhile, ...]:
        """The versions since that one, with the paths of what they changed."""
        key = self._named(answers)
        rows = changes_since(key, int(since)) if key and is_number(since) else []
        return tuple(Meanwhile(row.by, row.at, row.process_id, tuple(one.path for one in row.changes)) for row in rows)

    def _named(self, answers: Mapping[str, Any]) -> UUID | None:
        given = str(answers.get("subscription_id", ""))
        return UUID(given) if not self.creates and is_uuid(given) else None

    def on_end(self, end: End) -> None:
        """In sync when the process completed; an aborted creation ends what never came to be.

        What a validation found is kept. What a process without the lock has found out counts unless one that has it
        works on the subscription.
        """
        keep_verdict(end)
        if not self.rule.needs_lock:
            self._settle(end)
            return
        if end.status is ProcessStatus.COMPLETED and self.keeps_sync:
            _all_in_sync(end)
        if end.status is ProcessStatus.ABORTED:
            _end_created(end)

    def _settle(self, end: End) -> None:
        is_insync = end.status is ProcessStatus.COMPLETED
        if self.rule.target in VERDICTS and (is_insync or end.status in FAILED_STATUSES):
            settle(UUID(end.state["subscription_id"]), insync=is_insync)

    def _create(self, start: Start) -> Started:
        product = check_product(UUID(start.state["product"]), start.workflow.name, by=start.by)
        customer = _customer(start.state)
        further = checked(ids_of(self.also, start.state), customer_id=customer.pk)
        subscription_id = created_id(start.process_id)
        cause = Cause(start.by, timezone.now(), start.process_id)
        mint(product.pk, customer_id=customer.pk, subscription_id=subscription_id, cause=cause)
        _all_out_of_sync(further)
        return _started(candidate(subscription_id, rule=self.rule), further)

    def _begin(self, start: Start) -> Started:
        subscription = candidate(UUID(start.state["subscription_id"]), rule=self.rule)
        check_subscription(subscription, start.workflow.name, start.state.get("version"))
        if is_number(start.revision):
            check_unchanged(subscription, int(start.revision))
        named = ids_of(self.also, start.state, but=subscription.subscription_id)
        further = checked(named, customer_id=subscription.customer_id, first=subscription.subscription_id)
        if self.keeps_sync:
            _all_out_of_sync([subscription, *further])
        return _started(subscription, further)


@dataclass(frozen=True)
class TaskBinding:
    """The binding of tasks: any subscription to read, and those of `also` to work on."""

    also: tuple[Also, ...] = ()

    kinds: ClassVar[str] = KINDS

    def resources(self, start: Start) -> tuple[str, ...]:
        return _locks_of(self.also, start)

    def on_start(self, start: Start) -> Started:
        """Look under their locks whether it may work on them. The state gets nothing."""
        further = checked(ids_of(self.also, start.state))
        _all_out_of_sync(further)
        return Started({}, tuple(map(_subject, further)))

    def supplies(self, annotation: object) -> bool:
        return asks_for_subscriptions(annotation)

    def reader(self) -> Reader:
        return SubscriptionReader()

    def session(self, run: StepRun) -> StepSession:
        return SubscriptionSession(run, find=get)

    def on_end(self, end: End) -> None:
        """What it worked on is in sync when it completed; what it began to create ends when it is aborted."""
        if end.status is ProcessStatus.COMPLETED:
            _all_in_sync(end)
        if end.status is ProcessStatus.ABORTED:
            _end_created(end)


def _locks_of(also: tuple[Also, ...], start: Start, *, but: UUID | None = None) -> tuple[str, ...]:
    return tuple(lock_key(one) for one in ids_of(also, start.state, but=but))


def _all_out_of_sync(found: Iterable[Candidate]) -> None:
    """In the order of their ids, so that two processes never wait for each other."""
    for subscription_id in sorted(one.subscription_id for one in found):
        mark_out_of_sync(subscription_id)


def _all_in_sync(end: End) -> None:
    held = (resource for resource in end.resources if resource.startswith(_LOCK))
    for subscription_id in sorted(UUID(resource.removeprefix(_LOCK)) for resource in held):
        mark_in_sync(subscription_id)


def _end_created(end: End) -> None:
    """Terminate what this process has made and that is still initial."""
    cause = Cause(end.by, timezone.now(), end.process_id)
    about = [UUID(subject.id) for subject in end.subjects if subject.kind == SUBJECT]
    first = SubscriptionVersion.objects.filter(number=1, process_id=end.process_id, subscription__in=about)
    for subscription_id in sorted(first.values_list("subscription", flat=True)):
        terminate_unfinished(subscription_id, cause=cause)


def created_id(process_id: UUID) -> UUID:
    """The id of the subscription that a create process makes."""
    return uuid5(_MINTED, str(process_id))


def _started(subscription: Candidate, further: Iterable[Candidate] = ()) -> Started:
    subscription_id = str(subscription.subscription_id)
    reference = {"subscription_id": subscription_id, "version": subscription.version}
    state = {**subscription_state(subscription), "version": subscription.version, "subscription": reference}
    return Started(state, tuple(map(_subject, [subscription, *further])))


def _subject(subscription: Candidate) -> Subject:
    return Subject(SUBJECT, str(subscription.subscription_id), subscription.description)


def _customer(state: Mapping[str, Any]) -> Customer:
    """The customer that the form gave, or the only one there is."""
    given = state.get("customer_id")
    customers = Customer.objects.filter(pk=str(given)) if given else Customer.objects.all()
    found = list(customers[:2])
    if len(found) != 1:
        raise StartRefused(f"There is no customer {given}." if given else "The form does not give a customer.")
    return found[0]
