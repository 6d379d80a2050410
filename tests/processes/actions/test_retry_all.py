"""Retry of all failed tasks."""

import pytest
from django.contrib.auth.models import User

from processes import actions
from processes.models import Process
from tests.processes.conftest import RunReady

pytestmark = pytest.mark.django_db(transaction=True)


def test_all_failed_tasks_are_retried(failed: Process, operator: User, run_ready: RunReady) -> None:
    assert actions.retry_all(by=operator) == 1

    run_ready()

    failed.refresh_from_db()
    assert failed.status == "completed"
