"""Task runs can be deleted; whatever else ran stays."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from processes import actions, store
from processes.access.permissions import Denied
from processes.engine.values.status import ProcessStatus, Target
from processes.execution import drive
from processes.models import AuditEvent, Process, ResourceLock, StateSnapshot, Step
from tests.answers import problem
from tests.factories.processes import process

pytestmark = pytest.mark.django_db(transaction=True)
Api = Callable[..., APIClient]


def a_task(status: ProcessStatus = ProcessStatus.COMPLETED) -> Process:
    return process(status, workflow="clean_up", target=Target.SYSTEM)


def test_task_goes_with_all_that_belongs_to_it(admin_user: User) -> None:
    task = a_task()

    actions.delete(task.pk, by=admin_user)

    assert not Process.objects.exists()
    assert not Step.objects.exists()
    assert not StateSnapshot.objects.exists()
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.subject_id) == ("delete", "admin", str(task.pk))
    assert event.detail == {"workflow": "clean_up", "status": "completed"}


def test_worker_of_a_deleted_task_is_fenced_off(admin_user: User, registered: None) -> None:
    started = actions.start("count_to_two", [], by=admin_user)
    claim = store.claim("worker-1")
    assert claim is not None
    ResourceLock.objects.create(resource="vlan:7", process=started, acquired_at=started.started_at)

    actions.delete(started.pk, by=admin_user)
    drive.run_claimed(claim)

    assert not Process.objects.exists()
    assert not ResourceLock.objects.exists()


def test_process_of_a_customer_is_not_deleted(api: Api, admin_user: User) -> None:
    made = process(ProcessStatus.COMPLETED)

    answer = api(admin_user).delete(f"/api/processes/{made.pk}")

    assert problem(answer) == (400, "Invalid value: process_id.")
    assert Process.objects.exists()


def test_task_that_started_others_is_not_deleted(admin_user: User) -> None:
    parent = a_task()
    process(ProcessStatus.COMPLETED, parent=parent, root=parent)

    with pytest.raises(actions.Refused, match="it has started other processes"):
        actions.delete(parent.pk, by=admin_user)


def test_only_who_may_delete_deletes(api: Api, operator: User, admin_user: User) -> None:
    task = a_task()

    with pytest.raises(Denied):
        actions.delete(task.pk, by=operator)
    answer = api(admin_user).delete(f"/api/processes/{task.pk}")

    assert (answer.status_code, Process.objects.count()) == (204, 0)
    assert problem(api(admin_user).delete(f"/api/processes/{uuid4()}")) == (404, "There is no process with this id.")
