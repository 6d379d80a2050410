"""What the tests of the engine share: a context, a place in a tree, one try of a step."""

from uuid import UUID

from processes.engine import State, StepContext, StepList, begin
from processes.engine.binding import UnboundSession
from processes.engine.execute import execute
from processes.engine.kinds import Node
from processes.engine.outcome import Outcome
from processes.engine.tree import Place, Tree
from processes.engine.values.state import StateBytes

PROCESS = UUID(int=1)


def context(path: str = "step", attempt: int = 1) -> StepContext:
    return StepContext(PROCESS, "letters", path, 1, attempt, "ada")


def place_of(steps: Node | StepList) -> Place:
    """Where the first of these steps lies."""
    return Tree(begin >> steps).places[0]


def run(steps: Node | StepList, state: State | None = None, *, is_task: bool = False, tries_before: int = 0) -> Outcome:
    """One try of the first of these steps."""
    place = place_of(steps)
    return execute(
        place,
        StateBytes.of(state or {}),
        context=context(place.path),
        session=UnboundSession(),
        is_task=is_task,
        tries_before=tries_before,
    )
