"""What the tests of verbs share: each verb, what it leaves behind, and a process that failed."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from processes import actions
from processes.models import (
    AuditEvent,
    EngineSettings,
    Idempotency,
    Process,
    ProcessSubject,
    ResourceLock,
    StateSnapshot,
)
from tests.processes import workflows
from tests.processes.conftest import RunReady

SHED = [{"thing": "shed"}]


def acts() -> list[tuple[str, str, str]]:
    return list(AuditEvent.objects.order_by("id").values_list("actor", "action", "subject_id"))


def rows() -> list[int]:
    """How much there is of whatever a start makes."""
    made = (Process, StateSnapshot, ProcessSubject, ResourceLock, AuditEvent, Idempotency, EngineSettings)
    return [one.objects.count() for one in made]


VERBS: dict[str, Callable[[Process, User], Process]] = {
    "start": lambda process, by: actions.start("count_to_two", [], by=by),
    "resume": lambda process, by: actions.answer(process.pk, [{"colour": "blue"}], by=by),
    "retry": lambda process, by: actions.retry(process.pk, by=by),
    "abort": lambda process, by: actions.abort(process.pk, by=by),
    "note": lambda process, by: actions.note(process.pk, "seen", by=by),
}


@pytest.fixture
def failed(operator: User, run_ready: RunReady) -> Process:
    workflows.failures.append(ValueError("no"))
    process = actions.start("heal", [], by=operator)
    run_ready()
    process.refresh_from_db()
    return process
