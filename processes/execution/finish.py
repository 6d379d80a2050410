"""What belongs to every end and failure of a process: its locks are let go, and its binding is told."""

import logging
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction

from processes.engine.binding import End, Subject
from processes.engine.status import ProcessStatus
from processes.engine.workflow import Workflow
from processes.models import Process
from processes.store import load_state

logger = logging.getLogger(__name__)

# By hand, since they belong to every end of a process.
_LET_GO = "DELETE FROM processes_resourcelock WHERE process_id = %s RETURNING resource"
_SUBJECTS = "SELECT kind, subject_id, label FROM processes_processsubject WHERE process_id = %s ORDER BY id"


def end_process(
    process_id: UUID, workflow: Workflow | None, status: ProcessStatus, *, state: Mapping[str, Any], by: str
) -> None:
    """Let go of the locks and tell the binding, in the transaction that makes `status` true.

    Without the workflow (its code is gone) nobody can be told; the locks are let go all the same.
    """
    resources = _let_go_of_locks(process_id)
    if workflow is not None:
        end = End(process_id, workflow, status, state, subjects_of(process_id), resources, by)
        workflow.binding.on_end(end)


def _let_go_of_locks(process_id: UUID) -> tuple[str, ...]:
    """What was locked, in order."""
    with connection.cursor() as cursor:
        cursor.execute(_LET_GO, [_key(process_id)])
        return tuple(sorted(resource for (resource,) in cursor.fetchall()))


def _key(process_id: UUID) -> Any:
    return Process._meta.pk.get_db_prep_value(process_id, connection)


def end_process_regardless(process_id: UUID, workflow: Workflow | None, status: ProcessStatus) -> None:
    """The same when the engine itself fails a process: a binding that cannot be told does not keep it from failing."""
    state = load_state(process_id).as_dict()
    try:
        with transaction.atomic():
            end_process(process_id, workflow, status, state=state, by="SYSTEM")
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("The binding of process %s could not be notified", process_id)
        end_process(process_id, None, status, state=state, by="SYSTEM")


def subjects_of(process_id: UUID) -> tuple[Subject, ...]:
    """What a process is about, in the order it was named."""
    with connection.cursor() as cursor:
        cursor.execute(_SUBJECTS, [_key(process_id)])
        return tuple(Subject(*row) for row in cursor.fetchall())
