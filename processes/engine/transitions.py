"""The rules of a run: where it stands, what an outcome makes of it, and whether a changed definition may go on."""

from dataclasses import dataclass

from processes.engine.outcome import TRANSITIONS, Failed, Outcome, Transition
from processes.engine.plan import PlanStep
from processes.engine.status import ProcessStatus, RunState
from processes.engine.workflow import Workflow

SLICE_STEPS = 200
SLICE_SECONDS = 2.0


@dataclass(frozen=True)
class Move:
    """What follows an outcome: the transition, and the step that comes next (None at the end or when it stays)."""

    transition: Transition
    next: PlanStep | None

    @property
    def completes(self) -> bool:
        return self.transition.advances and self.next is None


def move(workflow: Workflow, path: str, outcome: Outcome) -> Move:
    """Apply the table to a process that stands at `path`."""
    transition = TRANSITIONS[type(outcome)]
    if isinstance(outcome, Failed):
        transition = Transition(transition.step_status, transition.run_state, outcome.status, advances=False)
    if not transition.advances:
        return Move(transition, None)
    following = workflow.after(path)
    if following is None:
        transition = Transition(transition.step_status, RunState.ENDED, ProcessStatus.COMPLETED, advances=True)
    return Move(transition, following)
