"""Take the locks that a process needs, all or none."""

from collections.abc import Sequence

from django.db import transaction

from processes.actions.errors import LockHeld
from processes.clock import EngineNow
from processes.models import Process, ResourceLock


@transaction.atomic(savepoint=False)
def acquire(process: Process, resources: Sequence[str]) -> None:
    """Make the process the holder of each resource. Raises LockHeld, with nothing taken, if another one is."""
    wanted = [ResourceLock(resource=one, process=process, acquired_at=EngineNow()) for one in sorted(resources)]
    if not wanted:
        return
    ResourceLock.objects.bulk_create(wanted, ignore_conflicts=True)
    others = ResourceLock.objects.filter(resource__in=resources).exclude(process=process)
    held = others.select_related("process").order_by("resource").first()
    if held is not None:
        raise LockHeld(held.resource, held.process)
