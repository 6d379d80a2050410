"""Processes at a place of their own, their claims, and what a worker commits of them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User

from processes import actions, store
from processes.engine.errors import StepError
from processes.engine.status import ProcessStatus, RunState, StepKind, StepStatus
from processes.models import Process, StateSnapshot, Step
from processes.store import Change, Claim, StepRow

ERROR = StepError("ValueError", "no", "Traceback")


@pytest.fixture
def start(operator: User, registered: None) -> Iterator[Callable[..., Process]]:
    """Start a process of two steps, with columns as they are given."""

    def make(**columns: Any) -> Process:
        process = actions.start("count_to_two", [], by=operator)
        Process.objects.filter(pk=process.pk).update(**columns)
        return process

    yield make
    Process.objects.all().delete()  # these rows were made by hand, and need not hold together


Start = Callable[..., Process]


def claimed() -> Claim:
    claim = store.claim("worker-1")
    assert claim is not None
    return claim


def advanced(path: str = "only-when-asked", patch: bytes = b"{}", **changes: Any) -> Change:
    """The first step succeeded; the process stands at the next."""
    row = StepRow("Count", StepKind.STEP, StepStatus.SUCCESS, patch)
    given: dict[str, Any] = {"advances": True, "attempt": 1, **changes}
    return Change(row, RunState.RUNNING, ProcessStatus.RUNNING, path, **given)


def stayed(status: StepStatus, process_status: ProcessStatus, state: RunState, **changes: Any) -> Change:
    """The first step came to something else; the process stands where it stood."""
    row = StepRow("Count", StepKind.STEP, status, None, changes.get("error"))
    return Change(row, state, process_status, "count", advances=False, attempt=1, **changes)


def everything() -> list[Any]:
    return [list(one.objects.order_by("pk").values()) for one in (Process, Step, StateSnapshot)]
