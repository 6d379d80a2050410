"""The row of a step that asks a person: open from the moment it asks until somebody answers, or nobody can any more."""

from collections.abc import Mapping

from processes.engine.values.state import StateBytes
from processes.engine.values.status import StepStatus
from processes.models import Process
from processes.store.clock import EngineNow


def close(process: Process) -> None:
    """Nobody answers the question that is open, if one is."""
    questions = process.steps.filter(status=StepStatus.SUSPEND)
    questions.update(status=StepStatus.ABORT, completed_at=EngineNow())


def answer(process: Process, patch: Mapping[str, bytes], *, by: str) -> None:
    """Make the question at which the process stands a step that was done, with the next number."""
    here = process.steps.filter(path=process.position_path, visit=process.position_visit)
    here.filter(status=StepStatus.SUSPEND).update(
        status=StepStatus.SUCCESS,
        patch=StateBytes(patch).as_dict(),
        sequence=process.sequence + 1,
        created_by=by,
        completed_at=EngineNow(),
    )
