"""Retry: a failed process takes its locks again, or is refused with their holder."""

import pytest
from django.contrib.auth.models import User

from processes import actions
from processes.models import (
    Process,
    ResourceLock,
)
from processes.store import clock
from tests.processes import workflows
from tests.processes.actions.conftest import SHED
from tests.processes.conftest import RunReady

pytestmark = pytest.mark.django_db(transaction=True)


def test_failure_lets_go_and_retry_takes_again(operator: User, run_ready: RunReady) -> None:
    workflows.failures.append(ValueError("no"))
    failed = actions.start("paint_thing", SHED, by=operator)
    run_ready()
    assert workflows.OneThing.told == ["failed shed holding thing:shed by SYSTEM"]
    holder = actions.start("paint_thing", SHED, by=operator)

    with pytest.raises(actions.LockHeld) as held:
        actions.retry(failed.pk, by=operator)
    assert held.value.holder == holder

    actions.abort(holder.pk, by=operator)
    actions.retry(failed.pk, by=operator)
    assert ResourceLock.objects.get().process_id == failed.pk


def test_failure_lets_go_of_locks_and_retry_takes_them_again(operator: User, run_ready: RunReady) -> None:
    workflows.failures.append(ValueError("no"))
    process = actions.start("heal", [], by=operator)
    Process.objects.filter(pk=process.pk).update(lock_keys=["thing:1"])
    ResourceLock.objects.create(resource="thing:1", process=process, acquired_at=clock.now())
    run_ready()
    assert not ResourceLock.objects.exists()
    other = actions.start("do_nothing", [], by=operator)
    ResourceLock.objects.create(resource="thing:1", process=other, acquired_at=clock.now())

    with pytest.raises(actions.LockHeld, match="thing:1 is locked by do_nothing"):
        actions.retry(process.pk, by=operator)

    ResourceLock.objects.all().delete()
    actions.retry(process.pk, by=operator)
    assert ResourceLock.objects.get().process_id == process.pk
