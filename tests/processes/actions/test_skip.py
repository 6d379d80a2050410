"""Skip, edit state, pause: what only some may do, and what it leaves behind."""

import pytest
from django.contrib.auth.models import User

from processes import actions, store
from processes.access.permissions import Denied
from processes.engine.errors import ResultError
from processes.models import AuditEvent, EngineSettings, Process
from tests.processes import workflows
from tests.processes.conftest import RunReady, told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def failed(operator: User, run_ready: RunReady) -> Process:
    workflows.failures.append(ValueError("no"))
    process = actions.start("heal", [], by=operator)
    run_ready()
    process.refresh_from_db()
    return process


def test_skip_goes_on_with_the_result_given(failed: Process, admin_user: User, run_ready: RunReady) -> None:
    actions.skip(failed.pk, by=admin_user, reason="done by hand", result={"count": 41})
    run_ready()

    failed.refresh_from_db()
    assert (failed.status, store.load(failed.pk).state["count"]) == ("completed", 42)
    assert told(failed)[1:3] == [("fail-while-told-to", "failed", 1), ("fail-while-told-to", "skipped", 2)]
    skipped = failed.steps.get(status="skipped")
    assert (skipped.reason, skipped.created_by) == ("done by hand", admin_user.username)
    assert AuditEvent.objects.filter(action="skip", actor=admin_user.username).count() == 1


def test_skip_of_a_question_closes_it(operator: User, admin_user: User, run_ready: RunReady) -> None:
    process = actions.start("ask_a_person", [], by=operator)
    run_ready()

    actions.skip(process.pk, by=admin_user, reason="nobody will answer", result={"colour": "none"})
    run_ready()

    process.refresh_from_db()
    assert process.status == "completed"
    assert told(process)[1:3] == [("ask-for-a-colour", "abort", 1), ("ask-for-a-colour", "skipped", 2)]


@pytest.mark.parametrize("reason", ["", "  ", "x" * 2001])
def test_skip_without_a_fit_reason_is_refused(failed: Process, admin_user: User, reason: str) -> None:
    with pytest.raises(ValueError, match=r"required|characters"):
        actions.skip(failed.pk, by=admin_user, reason=reason)


def test_operator_may_neither_skip_nor_edit_nor_pause(failed: Process, operator: User) -> None:
    with pytest.raises(Denied):
        actions.skip(failed.pk, by=operator, reason="I say so")
    with pytest.raises(Denied):
        actions.edit_state(failed.pk, {"count": 0}, by=operator, reason="I say so")
    with pytest.raises(Denied):
        actions.pause(by=operator)


def test_edited_state_is_what_the_retry_sees(failed: Process, admin_user: User, run_ready: RunReady) -> None:
    actions.edit_state(failed.pk, {"count": 10}, by=admin_user, reason="it was counted twice")
    actions.retry(failed.pk, by=admin_user)
    run_ready()

    failed.refresh_from_db()
    assert (failed.status, store.load(failed.pk).state["count"]) == ("completed", 11)


@pytest.mark.parametrize(("changes", "error"), [({}, ValueError), ({"process_id": "x"}, ValueError)])
def test_edit_of_nothing_or_of_what_is_ours_is_refused(
    failed: Process, admin_user: User, changes: dict[str, object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        actions.edit_state(failed.pk, changes, by=admin_user, reason="because")


def test_edit_to_nonsense_is_refused(failed: Process, admin_user: User) -> None:
    with pytest.raises(ResultError):
        actions.edit_state(failed.pk, {"count": float("nan")}, by=admin_user, reason="because")


def test_state_of_a_process_that_goes_on_is_not_edited(operator: User, admin_user: User, registered: None) -> None:
    process = actions.start("count_to_two", [], by=operator)

    with pytest.raises(actions.Refused, match="of a stopped process"):
        actions.edit_state(process.pk, {"count": 1}, by=admin_user, reason="because")


def test_pause_refuses_starts_and_unpause_needs_no_repair(
    operator: User, admin_user: User, run_ready: RunReady
) -> None:
    process = actions.start("count_to_two", [], by=operator)
    actions.pause(by=admin_user)
    actions.pause(by=admin_user)

    assert (run_ready(), actions.engine_status().state) == (0, "paused")
    with pytest.raises(actions.EnginePaused):
        actions.start("count_to_two", [], by=operator)
    with pytest.raises(actions.EnginePaused):
        actions.retry(process.pk, by=operator)

    actions.unpause(by=admin_user)
    run_ready()
    process.refresh_from_db()
    assert (process.status, EngineSettings.objects.get().paused_at) == ("completed", None)
    assert list(AuditEvent.objects.filter(subject_kind="engine").values_list("action", flat=True)) == [
        "pause",
        "unpause",
    ]


def test_all_failed_tasks_are_retried(failed: Process, operator: User, run_ready: RunReady) -> None:
    assert actions.retry_all(by=operator) == 1

    run_ready()

    failed.refresh_from_db()
    assert failed.status == "completed"
