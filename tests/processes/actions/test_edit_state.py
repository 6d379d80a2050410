"""Edits of the state of a failed process."""

import pytest
from django.contrib.auth.models import User

from processes import actions, store
from processes.engine.values.errors import ResultError
from processes.models import Process
from tests.processes.conftest import RunReady

pytestmark = pytest.mark.django_db(transaction=True)


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
