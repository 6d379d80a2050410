"""The engine: what a workflow is and how one is run. Pure Python: no Django, no I/O, no clock of its own.

This is the door for authors: everything a workflow is made of is imported from here.
"""

from processes.engine.definition import (
    FormGenerator,
    State,
    Step,
    StepList,
    Workflow,
    begin,
    conditional,
    done,
    input_step,
    step,
    task,
    workflow,
)
from processes.engine.errors import Blocker, DefinitionError, StartRefused
from processes.engine.execute import StepContext
from processes.engine.memory import MemoryRun, run_in_memory
from processes.engine.retry import Retry
from processes.engine.status import ProcessStatus, StepStatus, Target

__all__ = [
    "Blocker",
    "DefinitionError",
    "FormGenerator",
    "MemoryRun",
    "ProcessStatus",
    "Retry",
    "StartRefused",
    "State",
    "Step",
    "StepContext",
    "StepList",
    "StepStatus",
    "Target",
    "Workflow",
    "begin",
    "conditional",
    "done",
    "input_step",
    "run_in_memory",
    "step",
    "task",
    "workflow",
]
