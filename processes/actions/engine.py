"""Pause the engine and let it run again. Running steps finish; nothing has to be repaired afterwards."""

from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import AbstractUser
from django.db import transaction

from processes import audit, permissions, queue
from processes.actions.errors import NotPossible
from processes.clock import EngineNow
from processes.engine.status import RunState
from processes.models import EngineSettings, Process
from processes.permissions import Action

RETRY_AFTER_SECONDS = 30


class EnginePaused(NotPossible):
    """The engine is paused; processes cannot be started or resumed at the moment."""

    def __init__(self) -> None:
        super().__init__("The engine is paused; processes cannot be started or resumed at the moment.")


class EngineState(StrEnum):
    """Whether processes run; `pausing` while steps that had begun still run."""

    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"


@dataclass(frozen=True)
class EngineStatus:
    """The engine as people see it: `running` counts the processes in the hands of a worker."""

    state: EngineState
    running: int
    paused_by: str


def engine_status() -> EngineStatus:
    """How the engine is now."""
    row = EngineSettings.objects.filter(pk=1).first()
    running = Process.objects.filter(run_state=RunState.RUNNING).count()
    if row is None or row.paused_at is None:
        return EngineStatus(EngineState.RUNNING, running, "")
    return EngineStatus(EngineState.PAUSING if running else EngineState.PAUSED, running, row.paused_by)


def check_running() -> None:
    """Raise EnginePaused when the engine is paused."""
    if EngineSettings.objects.filter(pk=1, paused_at__isnull=False).exists():
        raise EnginePaused


@transaction.atomic
def pause(*, by: AbstractUser) -> EngineStatus:
    """Stop claims at the next step boundary; pausing twice changes nothing. Raises Denied."""
    permissions.check(by, Action.PAUSE)
    row, _ = EngineSettings.objects.select_for_update().get_or_create(pk=1)
    if row.paused_at is None:
        EngineSettings.objects.filter(pk=1).update(paused_at=EngineNow(), paused_by=by.get_username())
        audit.record("pause", by=by.get_username(), kind="engine")
    return engine_status()


@transaction.atomic
def unpause(*, by: AbstractUser) -> EngineStatus:
    """Let processes be claimed again; those that were ready go on by themselves. Raises Denied."""
    permissions.check(by, Action.PAUSE)
    if EngineSettings.objects.filter(pk=1, paused_at__isnull=False).update(paused_at=None, paused_by=""):
        audit.record("unpause", by=by.get_username(), kind="engine")
        queue.wake()
    return engine_status()
