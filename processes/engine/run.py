"""The rules of a run: where it stands, what an outcome makes of it, and whether a changed definition may go on."""

from collections.abc import Sequence
from dataclasses import dataclass

from processes.engine.definition import Workflow
from processes.engine.outcome import TRANSITIONS, Failed, Outcome, Transition
from processes.engine.status import ProcessStatus, RunState
from processes.engine.steps import PlanStep

AT_END = ""
"""The path of a process that has no step left."""

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


def is_compatible(before: Sequence[dict[str, str]], workflow: Workflow, path: str) -> bool:
    """Whether a process that began under the plan `before` and stands at `path` may go on under the present one.

    It may when everything up to and including its position is unchanged; what comes later may differ.
    """
    now = [one.as_json() for one in workflow.plan]
    paths = [one["path"] for one in before]
    if path == AT_END:
        return now[: len(before)] == list(before)
    if path not in paths:
        return False
    prefix = paths.index(path) + 1
    return now[:prefix] == list(before[:prefix])
