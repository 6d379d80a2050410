"""Properties take as long as they take: a busy machine is no fault of theirs."""

from uuid import UUID

from hypothesis import settings

from processes.engine import Call, State, StepContext
from processes.engine.binding import UnboundSession
from processes.engine.execute import execute
from processes.engine.outcome import Outcome
from processes.engine.state import StateBytes

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


PROCESS = UUID(int=1)


def context(path: str = "step", attempt: int = 1) -> StepContext:
    return StepContext(PROCESS, "letters", path, 1, attempt, "ada")


def run(one: Call, state: State | None = None, *, is_task: bool = False, tries_before: int = 0) -> Outcome:
    return execute(
        one,
        StateBytes.of(state or {}),
        context=context(one.key),
        session=UnboundSession(),
        is_task=is_task,
        tries_before=tries_before,
    )
