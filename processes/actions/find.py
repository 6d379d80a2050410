"""Find a process for a verb: to look at, or locked to be changed."""

from uuid import UUID

from processes.models import Process


def find(process_id: UUID) -> Process:
    """The process as it is now. Raises Process.DoesNotExist."""
    return Process.objects.get(pk=process_id)


def lock(process_id: UUID) -> Process:
    """The process, held until the transaction ends, so that a worker's commit waits. Raises Process.DoesNotExist."""
    return Process.objects.select_for_update().get(pk=process_id)
