"""What belongs to every end and failure of a process: its locks are released, and its binding is told."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from processes.engine.binding import End
from processes.engine.transitions import SYSTEM
from processes.engine.values.errors import StepError
from processes.engine.values.status import ProcessStatus
from processes.engine.workflow import Workflow
from processes.execution.isolation import isolated
from processes.store import load_state, locks
from processes.store.subjects import subjects_of


def finish(
    process_id: UUID,
    workflow: Workflow | None,
    status: ProcessStatus,
    *,
    state: Mapping[str, Any],
    by: str,
    error: StepError | None = None,
) -> None:
    """Release the locks and tell the binding, in the transaction that makes `status` true.

    Without the workflow (its code is gone) nobody can be told; the locks are released all the same.
    """
    resources = locks.release(process_id)
    if workflow is not None:
        end = End(process_id, workflow, status, state, subjects_of(process_id), resources, by, error)
        workflow.binding.on_end(end)


def finish_regardless(
    process_id: UUID, workflow: Workflow | None, status: ProcessStatus, error: StepError | None = None
) -> None:
    """The same when the engine itself fails a process: a binding that cannot be told does not keep it from failing."""
    state, is_told = load_state(process_id).as_dict(), False
    with isolated("telling its binding", process_id), transaction.atomic():
        finish(process_id, workflow, status, state=state, by=SYSTEM, error=error)
        is_told = True
    if not is_told:
        finish(process_id, None, status, state=state, by=SYSTEM)
