"""Stop all calls of an outside system, and let it be called again. Calls that run finish, and processes wait."""

from django.contrib.auth.models import AbstractUser
from django.db import transaction

from processes.access import audit, permissions
from processes.access.permissions import Action
from processes.models import OutsideSystem
from processes.store import wakeups
from processes.store.clock import EngineNow

KIND = "outside_system"


@transaction.atomic
def stop_calls(name: str, *, by: AbstractUser) -> None:
    """Let no step call this system until somebody allows it; doing it twice changes nothing.

    Raises OutsideSystem.DoesNotExist, Denied.
    """
    permissions.check(by, Action.PAUSE)
    system = OutsideSystem.objects.get(name=name)
    stopped = {"stopped_at": EngineNow(), "stopped_by": by.get_username()}
    if OutsideSystem.objects.filter(pk=system.pk, stopped_at__isnull=True).update(**stopped):
        audit.record("stop_calls", by=by.get_username(), kind=KIND, subject=name)


@transaction.atomic
def allow_calls(name: str, *, by: AbstractUser) -> None:
    """Let steps call this system at once, whether a person has stopped it or it rests; its failures are forgotten.

    Doing it twice changes nothing. Raises OutsideSystem.DoesNotExist, Denied.
    """
    permissions.check(by, Action.PAUSE)
    system = OutsideSystem.objects.get(name=name)
    freed = {"stopped_at": None, "stopped_by": "", "open_until": None, "opened_at": None, "failures": 0}
    if OutsideSystem.objects.not_called().filter(pk=system.pk).update(**freed):
        audit.record("allow_calls", by=by.get_username(), kind=KIND, subject=name)
        wakeups.wake()
