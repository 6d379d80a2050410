"""The in-sync flag."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from processes.access.permissions import Denied
from processes.engine.status import ProcessStatus
from processes.models import AuditEvent, Process, ProcessSubject, Workflow, WorkflowVersion
from subscriptions.actions import UnfinishedProcesses, mark_in_sync, mark_out_of_sync, set_in_sync
from subscriptions.models import Subscription, SubscriptionVersion
from subscriptions.queries import UnknownSubscription
from tests.conftest import person
from tests.factories import subscriptions as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return person("ada", "admin")


def process(subscription_id: object, status: ProcessStatus, *, is_task: bool = False) -> Process:
    """A process on a subscription."""
    workflow = Workflow.objects.get_or_create(name="modify_it", defaults={"target": "modify"})[0]
    version = WorkflowVersion.objects.get_or_create(workflow=workflow, fingerprint="x", defaults={"plan": []})[0]
    is_ended = status in {ProcessStatus.COMPLETED, ProcessStatus.ABORTED}
    row = Process.objects.create(
        workflow_version=version, workflow_name="modify_it", target="modify", is_task=is_task, status=status,
        run_state="ended" if is_ended else "waiting", ready_at=timezone.now(), started_at=timezone.now(),
        last_modified_at=timezone.now(), ended_at=timezone.now() if is_ended else None, created_by="x",
    )  # fmt: skip
    ProcessSubject.objects.create(process=row, kind="subscription", subject_id=str(subscription_id))
    return row


def test_marking_makes_a_version_once() -> None:
    node = make.node()

    assert mark_out_of_sync(node.subscription_id, cause=make.CAUSE) == node.version + 1
    assert mark_out_of_sync(node.subscription_id, cause=make.CAUSE) == node.version + 1
    assert mark_in_sync(node.subscription_id, cause=make.CAUSE) == node.version + 2

    headers = SubscriptionVersion.objects.order_by("number").values_list("header__insync", flat=True)
    assert list(headers) == [False, False, True, False, True]


def test_marking_keeps_the_unique_values() -> None:
    node = make.node()

    mark_out_of_sync(node.subscription_id, cause=make.CAUSE)

    with pytest.raises(Exception, match="must be unique"):
        make.node()


def test_unknown_subscription_cannot_be_marked(admin: User) -> None:
    with pytest.raises(UnknownSubscription):
        mark_in_sync(uuid4(), cause=make.CAUSE)
    with pytest.raises(UnknownSubscription):
        set_in_sync(uuid4(), by=admin)


def test_set_in_sync_is_recorded_with_the_person(admin: User) -> None:
    node = make.node()
    mark_out_of_sync(node.subscription_id, cause=make.CAUSE)
    process(node.subscription_id, ProcessStatus.COMPLETED)
    process(node.subscription_id, ProcessStatus.ABORTED)
    process(node.subscription_id, ProcessStatus.FAILED, is_task=True)

    set_in_sync(node.subscription_id, by=admin)

    assert Subscription.objects.get().insync
    assert SubscriptionVersion.objects.latest("number").by == "ada"
    event = AuditEvent.objects.filter(action="subscription.set_in_sync").get()
    assert (event.actor, event.subject_id) == ("ada", str(node.subscription_id))


def test_set_in_sync_of_what_is_in_sync_changes_nothing(admin: User) -> None:
    node = make.node()

    set_in_sync(node.subscription_id, by=admin)

    assert Subscription.objects.get().version == node.version


@pytest.mark.parametrize("status", [ProcessStatus.FAILED, ProcessStatus.SUSPENDED, ProcessStatus.RESUMED])
def test_set_in_sync_names_unfinished_processes(admin: User, status: ProcessStatus) -> None:
    node = make.node()
    mark_out_of_sync(node.subscription_id, cause=make.CAUSE)
    unfinished = process(node.subscription_id, status)

    with pytest.raises(UnfinishedProcesses) as refused:
        set_in_sync(node.subscription_id, by=admin)

    assert refused.value.processes == ((unfinished.pk, "modify_it"),)


def test_set_in_sync_needs_the_right() -> None:
    node = make.node()

    with pytest.raises(Denied):
        set_in_sync(node.subscription_id, by=person("olga", "operator"))
