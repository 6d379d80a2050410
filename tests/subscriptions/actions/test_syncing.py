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


def test_marking_flips_the_flag_and_makes_no_version() -> None:
    node = make.node()
    versions = list(SubscriptionVersion.objects.values_list("number", flat=True))

    flags = []
    for mark in (mark_out_of_sync, mark_out_of_sync, mark_in_sync):
        mark(node.subscription_id)
        flags.append(Subscription.objects.values_list("insync", "version").get())

    assert flags == [(False, node.version), (False, node.version), (True, node.version)]
    assert list(SubscriptionVersion.objects.values_list("number", flat=True)) == versions


def test_a_save_leaves_the_flag_as_it_is() -> None:
    node = make.node()
    mark_out_of_sync(node.subscription_id)

    node.note = "read when it was in sync"
    node = make.changed(node)

    assert (node.insync, node.note) == (False, "read when it was in sync")


def test_unknown_subscription_cannot_be_marked(admin: User) -> None:
    with pytest.raises(UnknownSubscription):
        mark_in_sync(uuid4())
    with pytest.raises(UnknownSubscription):
        set_in_sync(uuid4(), by=admin)


def test_set_in_sync_is_recorded_with_the_person(admin: User) -> None:
    node = make.node()
    mark_out_of_sync(node.subscription_id)
    process(node.subscription_id, ProcessStatus.COMPLETED)
    process(node.subscription_id, ProcessStatus.ABORTED)
    process(node.subscription_id, ProcessStatus.FAILED, is_task=True)

    set_in_sync(node.subscription_id, by=admin)

    assert Subscription.objects.get().insync
    event = AuditEvent.objects.filter(action="subscription.set_in_sync").get()
    assert (event.actor, event.subject_id) == ("ada", str(node.subscription_id))


def test_set_in_sync_of_what_is_in_sync_changes_nothing(admin: User) -> None:
    node = make.node()

    set_in_sync(node.subscription_id, by=admin)

    assert Subscription.objects.get().version == node.version


@pytest.mark.parametrize("status", [ProcessStatus.FAILED, ProcessStatus.SUSPENDED, ProcessStatus.RESUMED])
def test_set_in_sync_names_unfinished_processes(admin: User, status: ProcessStatus) -> None:
    node = make.node()
    mark_out_of_sync(node.subscription_id)
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
