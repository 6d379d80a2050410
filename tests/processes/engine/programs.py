"""A program that loops, branches and handles an error, of kinds of node that exist only here.

Neither store nor driver nor recovery knows them: what a plan may be made of is not theirs to know.
"""

from dataclasses import dataclass
from typing import ClassVar

from processes.engine import State, StepContext, StepList, begin, step, task
from processes.engine.kinds import Composite, NextNode, View
from processes.engine.values.errors import StepError

ROUNDS = 3


@dataclass(frozen=True)
class Loop(Composite):
    """Its nodes in order, so many times; the frame is the number of the round."""

    rounds: int = ROUNDS
    is_static: ClassVar[bool] = False

    def first(self, view: View) -> NextNode | None:
        return NextNode(0, frame=1) if self.nodes else None

    def following(self, index: int, view: View) -> NextNode | None:
        if index + 1 < len(self.nodes):
            return NextNode(index + 1)
        return NextNode(0, frame=view.frame + 1, again=True) if view.frame < self.rounds else None


@dataclass(frozen=True)
class Choice(Composite):
    """The first node when the state has an odd `count`, the second one otherwise."""

    is_static: ClassVar[bool] = False

    def first(self, view: View) -> NextNode | None:
        return NextNode(0 if view.state.get("count", 0) % 2 else 1)

    def following(self, index: int, view: View) -> NextNode | None:
        return None


@dataclass(frozen=True)
class Scope(Composite):
    """Its first node; when that fails for good, its second one, which finds the error in the frame."""

    is_static: ClassVar[bool] = False

    def following(self, index: int, view: View) -> NextNode | None:
        return None

    def handler(self, index: int, error: StepError, view: View) -> NextNode | None:
        return NextNode(1, frame=error.class_name) if index == 0 else None


@step("Count", key="count")
def count(state: State) -> State:
    return {"count": state.get("count", 0) + 1, "done": [*state.get("done", []), "count"]}


@step("Odd", key="odd")
def odd(state: State) -> State:
    return {"done": [*state["done"], "odd"]}


@step("Even", key="even")
def even(state: State) -> State:
    if state["count"] == 2:
        raise ConnectionError("even numbers are out of order")
    return {"done": [*state["done"], "even"]}


@step("Mend", key="mend")
def mend(state: State, context: StepContext) -> State:
    (caught,) = [frame for path, frame in context.frames.items() if path.endswith("scope")]
    return {"done": [*state["done"], f"mended {caught}"]}


@step("Finish", key="finish")
def finish(state: State) -> State:
    return {"done": [*state["done"], "finish"]}


DONE = ["count", "odd", "count", "mended ConnectionError", "count", "odd", "finish"]
"""What the program has done when it has come to its end."""
DONE_AFTER_CRASHES = ["mended WorkerCrashed" if done.startswith("mended") else done for done in DONE]
"""The same when the step in the scope has cost all the workers that it may."""
FAILS_AT = "loop/which/scope/even"
"""Where the step stands that fails, at its second visit."""


def program() -> StepList:
    """Count three times: odd numbers and even ones are dealt with apart, and a failure of the latter is mended."""
    scope = Scope((even, mend), key="scope")
    return begin >> Loop((count, Choice((odd, scope), key="which")), key="loop") >> finish


@task("Loop, branch and handle an error")
def loop_branch_and_handle() -> StepList:
    return program()
