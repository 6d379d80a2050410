"""Processes at a place of their own, their claims, and what a worker commits of them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User

from processes import actions, store
from processes.engine import transitions
from processes.engine.outcome import Failed
from processes.engine.transitions import Record, Transition
from processes.engine.tree import Position
from processes.engine.values.errors import StepError
from processes.engine.values.status import StepKind, StepStatus
from processes.models import Process, StateSnapshot, Step
from processes.store import Claim

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


Change = tuple[Transition, Record]


def advanced(claim: Claim, path: str = "only-when-asked", patch: bytes = b"{}") -> Change:
    """The first step succeeded; the process stands at the next."""
    to = Position(path, claim.position.visit)
    return transitions.advanced(claim.standing, to, step="Count"), row(claim, StepStatus.SUCCESS, patch)


def failed(claim: Claim) -> Change:
    """The first step failed; the process stands where it stood."""
    transition = transitions.failed(claim.standing, Failed(ERROR), step="Count")
    return transition, row(claim, StepStatus.FAILED, error=ERROR)


def row(claim: Claim, status: StepStatus, patch: bytes | None = None, error: StepError | None = None) -> Record:
    """What is recorded of a try of the first step."""
    return Record(
        path=claim.position.path,
        visit=claim.position.visit,
        attempt=claim.attempt,
        name="Count",
        kind=StepKind.STEP,
        status=status,
        patch=patch,
        error=error,
        worker=claim.worker,
        started_at=claim.attempt_started_at,
        is_numbered=patch is not None,
    )


def everything() -> list[Any]:
    return [list(one.objects.order_by("pk").values()) for one in (Process, Step, StateSnapshot)]
