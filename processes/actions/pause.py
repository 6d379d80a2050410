"""Pause the engine and let it run again. Running steps finish; nothing has to be repaired afterwards."""

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import transaction

from processes.access import audit, permissions
from processes.access.permissions import Action
from processes.engine.values.errors import Refused
from processes.models import EngineSettings
from processes.queries.fleet import EngineStatus, engine_status
from processes.store import wakeups
from processes.store.clock import EngineNow

RETRY_AFTER_SECONDS = 30


class EnginePaused(Refused):
    """The engine is paused; processes cannot be started or resumed at the moment."""

    def __init__(self) -> None:
        super().__init__("The engine is paused; processes cannot be started or resumed at the moment.")


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
        audit.record("pause", by=by.get_username(), kind="engine", detail=_paused(before=False, after=True))
    return engine_status()


@transaction.atomic
def unpause(*, by: AbstractUser) -> EngineStatus:
    """Let processes be claimed again; those that were ready go on by themselves. Raises Denied."""
    permissions.check(by, Action.PAUSE)
    if EngineSettings.objects.filter(pk=1, paused_at__isnull=False).update(paused_at=None, paused_by=""):
        audit.record("unpause", by=by.get_username(), kind="engine", detail=_paused(before=True, after=False))
        wakeups.wake()
    return engine_status()


def _paused(*, before: bool, after: bool) -> dict[str, Any]:
    return {"changes": {"paused": {"from": before, "to": after}}}
