"""Pause of the engine."""

import pytest
from django.contrib.auth.models import User

from processes import actions
from processes.models import AuditEvent, EngineSettings
from tests.processes.conftest import RunReady

pytestmark = pytest.mark.django_db(transaction=True)


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
