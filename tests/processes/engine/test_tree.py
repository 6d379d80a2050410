"""The plan as a tree: places, what comes next, and programs of kinds that the engine has never heard of."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from processes.engine import DefinitionError, ProcessStatus, StepStatus, begin, run_in_memory, step, step_group
from processes.engine.driver import StepAttempt
from processes.engine.kinds import Composite, NextNode, View
from processes.engine.losses import CRASH_BUDGET
from processes.engine.memory import MemoryStore
from processes.engine.outcome import Outcome
from processes.engine.tree import Position, Tree
from processes.engine.values.errors import StepError
from processes.engine.values.state import StateBytes
from tests.processes.engine import programs
from tests.processes.engine.programs import Choice, Loop, Scope, count, even, finish, mend, odd

NOTHING = StateBytes({})
ERROR = StepError("ConnectionError", "down", "")


def counted(number: int) -> StateBytes:
    return StateBytes.of({"count": number})


def test_program_runs_to_its_end_in_memory() -> None:
    run = run_in_memory(programs.loop_branch_and_handle)

    assert (run.status, run.state["done"]) == (ProcessStatus.COMPLETED, programs.DONE)
    assert [(tried.path, tried.status) for tried in run.steps] == [
        ("loop/count", StepStatus.SUCCESS),
        ("loop/which/odd", StepStatus.SUCCESS),
        ("loop/count", StepStatus.SUCCESS),
        ("loop/which/scope/even", StepStatus.FAILED),
        ("loop/which/scope/mend", StepStatus.SUCCESS),
        ("loop/count", StepStatus.SUCCESS),
        ("loop/which/odd", StepStatus.SUCCESS),
        ("finish", StepStatus.SUCCESS),
    ]


class Death(BaseException):
    """Nothing that a step may raise."""


def die_in_the_scope(attempt: StepAttempt, call: Callable[[], Outcome]) -> Outcome:
    if attempt.context.path == programs.FAILS_AT:
        raise Death
    return call()


def test_handler_is_asked_in_memory_when_a_step_has_cost_all_its_workers() -> None:
    store = MemoryStore(programs.loop_branch_and_handle, {})

    for _ in range(CRASH_BUDGET):
        with pytest.raises(Death):
            store.drive(around_call=[die_in_the_scope])
        store.recover()
    store.drive()

    assert (store.standing.status, store.state.as_dict()["done"]) == (
        ProcessStatus.COMPLETED, programs.DONE_AFTER_CRASHES,
    )  # fmt: skip
    assert [(tried.path, tried.status, tried.attempt) for tried in store.records[3:7]] == [
        *((programs.FAILS_AT, StepStatus.CRASHED, attempt) for attempt in (1, 2, 3)),
        ("loop/which/scope/mend", StepStatus.SUCCESS, 1),
    ]


def test_position_carries_what_composites_keep() -> None:
    tree = Tree(programs.program())

    first = tree.begin(NOTHING)
    odd_one = tree.after(first, counted(1))
    second = tree.after(odd_one, counted(1))
    failing = tree.after(second, counted(2))
    handled = tree.caught(failing, ERROR, counted(2))

    assert first == Position("loop/count", 1, {"loop": 1})
    assert odd_one == Position("loop/which/odd", 1, {"loop": 1})
    assert second == Position("loop/count", 2, {"loop": 2})
    assert failing == Position("loop/which/scope/even", 2, {"loop": 2})
    assert handled == Position("loop/which/scope/mend", 2, {"loop": 2, "loop/which/scope": "ConnectionError"})
    assert tree.after(handled, counted(2)) == Position("loop/count", 3, {"loop": 3}), "its frame is gone"


def test_error_that_nothing_handles_is_caught_nowhere() -> None:
    tree = Tree(programs.program())

    assert tree.caught(Position("loop/which/scope/mend", 2, {"loop": 2}), ERROR, counted(2)) is None
    assert tree.caught(Position("finish"), ERROR, NOTHING) is None
    assert tree.caught(Position("nowhere"), ERROR, NOTHING) is None


def test_composite_with_nothing_to_do_is_passed_by() -> None:
    tree = Tree(begin >> Loop((), key="empty") >> Loop((Loop((), key="inner"),), key="outer", rounds=2) >> finish)

    assert tree.begin(NOTHING) == Position("finish", 2), "what went round has raised the visit"


def test_loop_without_a_step_ends_in_a_clear_error() -> None:
    endless = Loop((Loop((), key="inner"),), key="outer", rounds=10**9)

    with pytest.raises(DefinitionError, match="round and round without coming to a step"):
        Tree(begin >> endless).begin(NOTHING)


class Forgetful(Composite):
    """Keeps a frame without having a key to keep it under."""

    def first(self, view: View) -> NextNode | None:
        return NextNode(0, frame=1)


def test_frame_needs_a_key() -> None:
    with pytest.raises(DefinitionError, match="A Forgetful needs a key to keep a frame"):
        Tree(begin >> Forgetful((finish,))).begin(NOTHING)


def test_two_steps_with_one_path_are_refused() -> None:
    with pytest.raises(DefinitionError, match='two steps with the key "which/odd"'):
        Tree(begin >> Choice((odd, odd), key="which"))


def test_former_paths_lead_to_the_present_place() -> None:
    @step("Enable", key="enable", formerly=("switch-on", "power"))
    def enable() -> None: ...

    tree = Tree(begin >> step_group("Ports", enable, key="ports", formerly=("lines",)))

    paths = ["ports/enable", "ports/switch-on", "ports/power", "lines/enable", "lines/switch-on", "lines/power"]
    assert [tree.renamed(path) for path in paths] == ["ports/enable"] * 6
    assert tree.renamed("lines") == "lines"
    assert tree.after(Position("lines/power", 3), NOTHING) == Position("", 3)


def test_scope_alone_may_end_the_process() -> None:
    tree = Tree(begin >> Scope((even, mend), key="scope"))

    assert tree.after(Position("scope/even"), counted(4)).is_end
    assert Tree(begin >> count >> count.__class__("Two", "two", count.function)).begin(NOTHING) == Position("count")


def test_what_goes_back_is_a_new_visit_said_so_or_not() -> None:
    @dataclass(frozen=True)
    class Again(Scope):
        """Tries what has failed once more, and does not say that it is a new visit."""

        def handler(self, index: int, error: StepError, view: View) -> NextNode | None:
            return NextNode(0)

    tree = Tree(begin >> Again((even, mend), key="scope"))

    assert tree.caught(Position("scope/even", 4), ERROR, NOTHING) == Position("scope/even", 5)


def test_frames_follow_a_composite_that_has_another_key() -> None:
    tree = Tree(begin >> Loop((count, odd), key="round", formerly=("loop",)) >> finish)

    assert tree.after(Position("loop/odd", 2, {"loop": 2}), NOTHING) == Position("round/count", 3, {"round": 3})


def test_arriving_in_a_loop_begins_its_first_round() -> None:
    tree = Tree(programs.program())

    there = tree.arrive("loop/which/scope/mend", Position("finish", 3), NOTHING)

    assert there == Position("loop/which/scope/mend", 4, {"loop": 1})


def test_restarting_a_group_keeps_what_lies_around_it() -> None:
    inner = step_group("Inner", Loop((odd,), key="inner"), key="group", retry="whole")
    tree = Tree(begin >> Loop((count, *inner.nodes), key="outer"))
    at = Position("outer/group/inner/odd", 3, {"outer": 2, "outer/group/inner": 3})

    assert tree.restart("outer/group", at, NOTHING) == Position(
        "outer/group/inner/odd", 4, {"outer": 2, "outer/group/inner": 1}
    )
