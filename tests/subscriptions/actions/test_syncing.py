"""The in-sync flag."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import User

from processes import actions
from processes.access.permissions import Denied
from processes.engine.values.status import ProcessStatus
from processes.models import AuditEvent, Process
from subscriptions.actions import UnfinishedProcesses, mark_in_sync, mark_out_of_sync, set_in_sync
from subscriptions.models import Subscription, SubscriptionVersion
from subscriptions.queries import UnknownSubscription
from tests.conftest import person
from tests.factories import subscriptions as make
from tests.processes.threads import together
from tests.subscriptions.conftest import process

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    return person("ada", "admin")


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


@pytest.mark.usefixtures("offered")
def test_a_start_and_setting_in_sync_do_not_miss_each_other(operator: User, admin_user: User) -> None:
    node = make.node()
    page = {"subscription_id": str(node.subscription_id)}

    together([
        lambda: actions.start("reconcile_node", [page], by=operator),
        lambda: set_in_sync(node.subscription_id, by=admin_user),
    ])  # fmt: skip

    assert (Process.objects.count(), Subscription.objects.get().insync) == (1, False)
