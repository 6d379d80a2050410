"""Abort: the end of a process by a person."""

import pytest
from django.contrib.auth.models import User

from processes import actions, store
from processes.execution import drive
from processes.models import AuditEvent, Process, ResourceLock
from tests.processes import workflows
from tests.processes.actions.conftest import SHED, acts
from tests.processes.conftest import RunReady, told
from tests.processes.threads import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_abort_lets_go_and_tells_the_binding(operator: User, run_ready: RunReady) -> None:
    process = actions.start("paint_thing", SHED, by=operator)
    run_ready()

    actions.abort(process.pk, by=operator, reason="wrong shed")

    assert workflows.OneThing.told == ["aborted shed holding thing:shed by operator"]
    assert not ResourceLock.objects.exists()
    assert list(process.steps.values_list("path", "status", "created_by")) == [
        ("fail-while-told-to", "success", "SYSTEM"),
        ("ask-for-a-colour", "abort", "SYSTEM"),
        ("", "abort", "operator"),
    ]


@pytest.mark.parametrize("text", ["\0", "\ud800", "x" * 2000], ids=["nul", "surrogate", "long"])
def test_any_text_may_be_a_reason(operator: User, registered: None, text: str) -> None:
    process = actions.start("count_to_two", [], by=operator)

    actions.abort(process.pk, by=operator, reason=text)

    assert Process.objects.get(pk=process.pk).status == "aborted"


def test_reason_is_kept_whole_or_refused(operator: User, registered: None) -> None:
    process = actions.start("count_to_two", [], by=operator)
    with pytest.raises(actions.InvalidArgument, match="at most 2000 characters; this one has 2001"):
        actions.abort(process.pk, by=operator, reason="x" * 2001)

    actions.abort(process.pk, by=operator, reason="x" * 2000)

    assert process.steps.get(status="abort").reason == "x" * 2000
    assert AuditEvent.objects.get(action="abort").reason == "x" * 2000


def test_process_whose_workflow_is_gone_can_be_aborted(operator: User, run_ready: RunReady) -> None:
    process = actions.start("do_nothing", [], by=operator)
    Process.objects.update(workflow_name="gone")
    run_ready()
    assert Process.objects.get().status == "failed"

    actions.abort(process.pk, by=operator)

    assert Process.objects.get().status == "aborted"


def test_repeated_abort_acts_once(operator: User, registered: None) -> None:
    process = actions.start("count_to_two", [], by=operator)

    for _ in range(2):
        actions.abort(process.pk, by=operator, reason="no", idempotency_key="one-time")

    assert [verb for _, verb, _ in acts()] == ["start", "abort"]


def test_abort_and_retry_at_the_same_time(operator: User, run_ready: RunReady) -> None:
    workflows.failures.append(ValueError("no"))
    process = actions.start("heal", [], by=operator)
    run_ready()

    together([lambda: actions.abort(process.pk, by=operator), lambda: actions.retry(process.pk, by=operator)])

    process.refresh_from_db()
    assert (process.status, process.run_state) == ("aborted", "ended")


def test_abort_ends_and_fences_the_worker(operator: User, run_ready: RunReady) -> None:
    process = actions.start("count_to_two", [], by=operator)
    claim = store.claim("slow worker")
    assert claim is not None

    actions.abort(process.pk, by=operator, reason="wrong site")
    drive.run_claimed(claim)

    process.refresh_from_db()
    assert (process.status, process.run_state) == ("aborted", "ended")
    assert told(process) == [("", "abort", 1)]
    with pytest.raises(actions.Refused):
        actions.abort(process.pk, by=operator)
