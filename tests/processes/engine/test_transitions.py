"""The transition table, and whether a changed definition may go on."""

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import pytest

from processes.engine import ProcessStatus, State, StepList, StepStatus, Workflow, begin, input_step, step, task
from processes.engine.errors import StepError
from processes.engine.outcome import Failed, NeedsInput, Outcome, RetryLater, Skipped, Success, Transition
from processes.engine.plan import AT_END, is_compatible
from processes.engine.status import RunState
from processes.engine.transitions import Move, move

ERROR = StepError("ValueError", "no", "")


@step("A")
def a() -> None: ...


@step("B")
def b() -> None: ...


@step("C")
def c() -> None: ...


@step("X")
def x() -> None: ...


@input_step("B")
def asked_b() -> Generator[Any, Any, State]:
    answers: State = yield
    return answers


def made_of(steps: StepList) -> Workflow:
    return task("Letters", name="letters")(lambda: steps)


LETTERS = made_of(a >> b >> c)


@pytest.mark.parametrize(
    ("outcome", "transition"),
    [
        (Success(), Transition(StepStatus.SUCCESS, RunState.RUNNING, ProcessStatus.RUNNING, advances=True)),
        (Skipped(), Transition(StepStatus.SKIPPED, RunState.RUNNING, ProcessStatus.RUNNING, advances=True)),
        (NeedsInput("NOC"), Transition(StepStatus.SUSPEND, RunState.STOPPED, ProcessStatus.SUSPENDED, advances=False)),
        (RetryLater(ERROR, 1), Transition(StepStatus.WAITING, RunState.READY, ProcessStatus.WAITING, advances=False)),
        (Failed(ERROR), Transition(StepStatus.FAILED, RunState.STOPPED, ProcessStatus.FAILED, advances=False)),
        (
            Failed(ERROR, ProcessStatus.API_UNAVAILABLE),
            Transition(StepStatus.FAILED, RunState.STOPPED, ProcessStatus.API_UNAVAILABLE, advances=False),
        ),
    ],
)
def test_outcome_in_the_middle(outcome: Outcome, transition: Transition) -> None:
    after = move(LETTERS, "a", outcome)

    assert after == Move(transition, LETTERS.plan[1] if transition.advances else None)
    assert not after.completes


@pytest.mark.parametrize(("outcome", "status"), [(Success(), StepStatus.SUCCESS), (Skipped(), StepStatus.SKIPPED)])
def test_last_step_completes(outcome: Outcome, status: StepStatus) -> None:
    after = move(LETTERS, "c", outcome)

    assert after == Move(Transition(status, RunState.ENDED, ProcessStatus.COMPLETED, advances=True), None)
    assert after.completes


def test_failure_of_the_last_step_completes_nothing() -> None:
    assert not move(LETTERS, "c", Failed(ERROR)).completes


@pytest.mark.parametrize(
    ("steps", "path", "compatible"),
    [
        (a >> b >> c, "b", True),
        (a >> b >> x >> c, "b", True),  # inserted after the position
        (a >> b, "b", True),  # removed after it
        (a >> b >> replace(c, name="Sea"), "b", True),  # renamed after it
        (a >> c >> b, "a", True),  # reordered after it
        (a >> x >> b >> c, "b", False),  # inserted before
        (b >> c, "b", False),  # removed before
        (a >> c, "b", False),  # removed at it
        (replace(a, name="Ay") >> b >> c, "b", False),  # renamed before
        (replace(a, key="ay") >> b >> c, "b", False),  # key changed before
        (a >> replace(b, name="Bee") >> c, "b", False),  # renamed at it
        (a >> asked_b >> c, "b", False),  # another kind at it
        (b >> a >> c, "b", False),  # reordered before
        (x >> a >> b >> c, "a", False),
        (a >> b >> c, "x", False),  # a position that the plan never had
        (a >> b >> c, AT_END, True),
        (a >> b >> c >> x, AT_END, True),
        (a >> b, AT_END, False),
        (begin, "a", False),
    ],
)
def test_compatible_when_all_up_to_the_position_is_unchanged(steps: StepList, path: str, compatible: bool) -> None:
    before = [one.as_json() for one in LETTERS.plan]

    assert is_compatible(before, made_of(steps).plan, path) is compatible
