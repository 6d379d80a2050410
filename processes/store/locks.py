"""Take the locks that a process needs, all or none."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection, transaction

from processes.engine.errors import Refused
from processes.models import Process, ResourceLock


class LockHeld(Refused):
    """Another process holds something that this one needs."""

    def __init__(self, resource: str, holder: Process) -> None:
        super().__init__(f"{resource} is locked by {holder.workflow_name} ({holder.id}), which is {holder.status}.")
        self.resource = resource
        self.holder = holder


_TAKE = """
INSERT INTO processes_resourcelock (resource, process_id, acquired_at) VALUES {rows}
ON CONFLICT (resource) DO NOTHING RETURNING resource
"""


@transaction.atomic(savepoint=False)
def acquire(process_id: UUID, resources: Sequence[str]) -> None:
    """Make the process the holder of each resource. Raises LockHeld, with nothing taken, if another one is."""
    if not resources:
        return
    holder = Process._meta.pk.get_db_prep_value(process_id, connection)
    rows = ", ".join(["(%s, %s, engine_now(0))"] * len(resources))
    values = [value for one in sorted(resources) for value in (one, holder)]
    with connection.cursor() as cursor:
        cursor.execute(_TAKE.format(rows=rows), values)
        taken = cursor.fetchall()
    if len(taken) < len(resources):
        _check_ours(process_id, resources)


def _check_ours(process_id: UUID, resources: Sequence[str]) -> None:
    others = ResourceLock.objects.filter(resource__in=resources).exclude(process_id=process_id)
    held = others.select_related("process").order_by("resource").first()
    if held is not None:
        raise LockHeld(held.resource, held.process)
