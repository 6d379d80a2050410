"""The engine: what a workflow is and how one is run. Pure Python: no Django, no I/O, no clock of its own.

This is the door for authors: everything a workflow is made of is imported from here. Not here: tables and statements
(`processes.store`), what surrounds a call (`processes.execution`). The rule: what becomes of a process is said in
`transitions` alone, and the one loop is `driver`, over the port `store`. Begin with `workflow`.
"""

from processes.engine.context import StepContext, UnknownSecret
from processes.engine.kinds import Call, GroupRetry, Input, OnCrash, StepList
from processes.engine.kinds.node import State
from processes.engine.memory import MemoryRun, run_in_memory
from processes.engine.options import Options, RunContext, only_one_at_a_time
from processes.engine.steps import FormGenerator, begin, conditional, done, focus, input_step, step, step_group
from processes.engine.values.authorization import Act, Asking, Authorize
from processes.engine.values.errors import Blocker, DefinitionError, StartRefused
from processes.engine.values.failures import (
    Abort,
    Difference,
    Drift,
    Inconsistent,
    InconsistentData,
    InconsistentDataError,
    ProcessFailureError,
    StepFailure,
    Unavailable,
    differences,
)
from processes.engine.values.retry import Retry
from processes.engine.values.status import ProcessStatus, StepStatus, Target
from processes.engine.workflow import Workflow, task, workflow

__all__ = [
    "Abort",
    "Act",
    "Asking",
    "Authorize",
    "Blocker",
    "Call",
    "DefinitionError",
    "Difference",
    "Drift",
    "FormGenerator",
    "GroupRetry",
    "Inconsistent",
    "InconsistentData",
    "InconsistentDataError",
    "Input",
    "MemoryRun",
    "OnCrash",
    "Options",
    "ProcessFailureError",
    "ProcessStatus",
    "Retry",
    "RunContext",
    "StartRefused",
    "State",
    "StepContext",
    "StepFailure",
    "StepList",
    "StepStatus",
    "Target",
    "Unavailable",
    "UnknownSecret",
    "Workflow",
    "begin",
    "conditional",
    "differences",
    "done",
    "focus",
    "input_step",
    "only_one_at_a_time",
    "run_in_memory",
    "step",
    "step_group",
    "task",
    "workflow",
]
