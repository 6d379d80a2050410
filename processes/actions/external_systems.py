"""Stop all calls of an external system, and let it be called again. Calls that run finish, and processes wait."""

from django.contrib.auth.models import AbstractUser
from django.db import transaction

from processes.access import audit, permissions
from processes.access.permissions import Action
from processes.models import ExternalSystem
from processes.store import wakeups
from processes.store.clock import EngineNow

KIND = "external_system"


@transaction.atomic
def stop_calls(name: str, *, by: AbstractUser) -> None:
    """Let no step call this system until somebody allows it; doing it twice changes nothing.

    Raises ExternalSystem.DoesNotExist, Denied.
    """
    permissions.check(by, Action.PAUSE)
    system = ExternalSystem.objects.get(name=name)
    stopped = {"stopped_at": EngineNow(), "stopped_by": by.get_username()}
    if ExternalSystem.objects.filter(pk=system.pk, stopped_at__isnull=True).update(**stopped):
        changes = {"stopped": {"from": False, "to": True}}
        audit.record("stop_calls", by=by.get_username(), kind=KIND, subject=name, detail={"changes": changes})


@transaction.atomic
def allow_calls(name: str, *, by: AbstractUser) -> None:
    """Let steps call this system now: end a stop, close its circuit breaker, and forget its failures.

    Doing it twice changes nothing. Raises ExternalSystem.DoesNotExist, Denied.
    """
    permissions.check(by, Action.PAUSE)
    system = ExternalSystem.objects.get(name=name)
    freed = {"stopped_at": None, "stopped_by": "", "half_open_at": None, "opened_at": None, "failures": 0}
    if ExternalSystem.objects.not_closed().filter(pk=system.pk).update(**freed):
        before = {"stopped": system.stopped_at is not None, "failures": system.failures}
        changes = {field: {"from": value, "to": type(value)()} for field, value in before.items() if value}
        audit.record("allow_calls", by=by.get_username(), kind=KIND, subject=name, detail={"changes": changes})
        wakeups.wake()
