"""The locks that a process needs, taken all or none, and released together."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction

from processes.engine.values.errors import Refused
from processes.models import Process, ResourceLock
from processes.store.dialect import db_key, is_postgresql
from processes.store.sql import both, postgresql, sqlite


class LockHeld(Refused):
    """Another process holds something that this one needs."""

    def __init__(self, resource: str, holder: Process) -> None:
        super().__init__(f"{resource} is locked by {holder.workflow_name} ({holder.id}), which is {holder.status}.")
        self.resource = resource
        self.holder = holder


@transaction.atomic(savepoint=False)
def acquire(process_id: UUID, resources: Sequence[str]) -> None:
    """Make the process the holder of each resource. Raises LockHeld, with nothing taken, if another one is."""
    if not resources:
        return
    wanted: Any = list(resources) if is_postgresql() else orjson.dumps(list(resources)).decode()
    acquiring = postgresql.ACQUIRE_LOCKS if is_postgresql() else sqlite.ACQUIRE_LOCKS
    with connection.cursor() as cursor:
        cursor.execute(acquiring, {"process_id": db_key(process_id), "resources": wanted})
        taken = cursor.fetchall()
    if len(taken) < len(resources):
        _check_ours(process_id, resources)


def release(process_id: UUID) -> tuple[str, ...]:
    """Release what a process holds; the resources, in order."""
    with connection.cursor() as cursor:
        cursor.execute(both.RELEASE_LOCKS, {"process_id": db_key(process_id)})
        return tuple(sorted(resource for (resource,) in cursor.fetchall()))


def _check_ours(process_id: UUID, resources: Sequence[str]) -> None:
    others = ResourceLock.objects.filter(resource__in=resources).exclude(process_id=process_id)
    held = others.select_related("process").order_by("resource").first()
    if held is not None:
        raise LockHeld(held.resource, held.process)
