"""The locks that a process needs, taken all or none, and released together."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction

from processes.engine.options import shown
from processes.engine.values.errors import Refused
from processes.models import Process, ResourceLock
from processes.store.dialect import db_key, is_postgresql
from processes.store.sql import both, postgresql, sqlite

TRIES = 5


class LockHeld(Refused):
    """Another process holds something that this one needs."""

    def __init__(self, resource: str, holder: Process, label: str = "") -> None:
        who = f"{holder.workflow_name} ({holder.id}), which is {holder.status}"
        named = f"“{label}”" if label else shown(resource)
        super().__init__(f"{named} is locked by {who}.")
        self.resource = resource
        self.holder = holder


@transaction.atomic(savepoint=False)
def acquire(process_id: UUID, resources: Sequence[str]) -> None:
    """Make the process the holder of each resource. Raises LockHeld, with nothing taken, if another one is."""
    if not resources:
        return
    for _ in range(TRIES):
        if _take(process_id, resources) == len(resources) or _is_all_ours(process_id, resources):
            return
    raise Refused("What this process needs changes hands at the moment; try again.")


def _take(process_id: UUID, resources: Sequence[str]) -> int:
    """Take what is free of these; how many."""
    wanted: Any = list(resources) if is_postgresql() else orjson.dumps(list(resources)).decode()
    acquiring = postgresql.ACQUIRE_LOCKS if is_postgresql() else sqlite.ACQUIRE_LOCKS
    with connection.cursor() as cursor:
        cursor.execute(acquiring, {"process_id": db_key(process_id), "resources": wanted})
        return len(cursor.fetchall())


def release(process_id: UUID) -> tuple[str, ...]:
    """Release what a process holds; the resources, in order."""
    with connection.cursor() as cursor:
        cursor.execute(both.RELEASE_LOCKS, {"process_id": db_key(process_id)})
        return tuple(sorted(resource for (resource,) in cursor.fetchall()))


def _is_all_ours(process_id: UUID, resources: Sequence[str]) -> bool:
    """Whether the process holds them all. Raises LockHeld when another one holds some.

    Neither: whoever was in the way has released it meanwhile.
    """
    held = ResourceLock.objects.filter(resource__in=resources)
    other = held.exclude(process_id=process_id).select_related("process").order_by("resource").first()
    if other is not None:
        raise LockHeld(other.resource, other.process)
    return held.filter(process_id=process_id).count() == len(set(resources))
