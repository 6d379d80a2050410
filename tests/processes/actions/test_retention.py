"""What is old enough goes, in batches; what is referred to stays."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from processes.actions import retention
from processes.actions.retention import remove_due
from processes.engine.values.status import ProcessStatus, Target
from processes.models import AuditEvent, FormDraft, Idempotency, Notification, Process, Step
from tests.factories.processes import process

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=40)


@pytest.fixture(autouse=True)
def limits(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.RETENTION_DAYS = {"tasks": 30, "processes": 30, "drafts": 30, "idempotency": 30, "notifications": 30}
    monkeypatch.setattr(retention, "FIRST", 2)
    monkeypatch.setattr(retention, "LARGEST", 2)


def ended(at: datetime = LONG_AGO, **fields: Any) -> Process:
    return process(ProcessStatus.COMPLETED, **fields | {"ended_at": at})


def task(at: datetime = LONG_AGO, **fields: Any) -> Process:
    return ended(at, workflow="clean_up", target=Target.SYSTEM, **fields)


def told(*names: str, rehearse: bool = False) -> dict[str, tuple[int, int]]:
    return {one.kind.name: (one.removed, one.kept) for one in remove_due(names, by="ada", rehearse=rehearse)}


def test_old_runs_go_in_batches_with_their_steps() -> None:
    old = [task() for _ in range(5)]
    young, unended = task(timezone.now()), process(ProcessStatus.FAILED, target=Target.SYSTEM)
    for one in [*old, young]:
        Step.objects.create(process=one, path="create", name="Create", status="success", started_at=LONG_AGO)

    assert told("tasks") == {"tasks": (5, 0)}

    assert set(Process.objects.values_list("pk", flat=True)) == {young.pk, unended.pk}
    assert Step.objects.count() == 1
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.subject_id) == ("retention", "ada", "tasks")
    assert event.detail["removed"] == 5


def test_rehearsal_counts_the_same_and_removes_nothing() -> None:
    for _ in range(3):
        task()
        ended()
    Idempotency.objects.create(
        actor="ada", operation="start", key="1", request_hash="", body={"process_id": str(task().pk)}
    )
    before = told(rehearse=True)

    assert (Process.objects.count(), AuditEvent.objects.count()) == (7, 0)
    assert before["tasks"] == (3, 1)
    assert told() == before


def test_what_is_referred_to_stays() -> None:
    parent, kept = ended(), ended()
    child = process(ProcessStatus.RUNNING, parent=parent, root=parent)
    Idempotency.objects.create(
        actor="ada", operation="start", key="1", request_hash="", body={"process_id": str(kept.pk)}
    )

    assert told("processes") == {"processes": (0, 1)}

    assert set(Process.objects.values_list("pk", flat=True)) == {parent.pk, child.pk, kept.pk}


def test_other_rows_go_by_their_age(admin_user: User) -> None:
    old = Idempotency.objects.create(actor="ada", operation="start", key="1", request_hash="")
    Idempotency.objects.create(actor="ada", operation="start", key="2", request_hash="")
    Idempotency.objects.filter(pk=old.pk).update(created_at=LONG_AGO)
    draft = FormDraft.objects.create(user=admin_user, operation="start")
    FormDraft.objects.filter(pk=draft.pk).update(updated_at=LONG_AGO)
    note = Notification.objects.create(title="Done")
    Notification.objects.filter(pk=note.pk).update(created_at=LONG_AGO)

    assert told() == {
        "idempotency": (1, 0),
        "drafts": (1, 0),
        "notifications": (1, 0),
        "tasks": (0, 0),
        "processes": (0, 0),
    }
    assert Idempotency.objects.get().key == "2"


def test_kind_without_a_limit_is_kept_for_ever(settings: Settings) -> None:
    settings.RETENTION_DAYS = {}
    task()

    assert told() == {}
    assert Process.objects.exists()


def test_command_tells_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    task()

    call_command("retention", "tasks", "--dry-run")
    call_command("retention", "tasks", "versions")

    assert capsys.readouterr().out.splitlines() == [
        "tasks: 1 to remove (older than 30 days)",
        "versions: kept for ever",
        "tasks: 1 removed (older than 30 days)",
    ]
    with pytest.raises(CommandError, match=r"Unknown: nonsense\. Kinds are versions, idempotency"):
        call_command("retention", "nonsense")
