"""Skips of a failed step or an open question."""

import pytest
from django.contrib.auth.models import User

from processes import actions, store
from processes.models import AuditEvent, Process
from tests.processes.conftest import RunReady, told

pytestmark = pytest.mark.django_db(transaction=True)


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
