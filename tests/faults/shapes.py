"""Workflows of each shape that the engine knows, for tests that break it; their outside world counts effects by key."""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic_forms.core import FormPage

from processes.engine import Retry, State, StepContext, StepList, Workflow, begin, conditional, input_step, step, task
from processes.engine import workflow as make_workflow
from processes.engine.binding import End, Start, Started, StepRun, StepSession, Subject, UnboundSession
from processes.engine.values.status import ProcessStatus
from processes.models import Notification, ResourceLock
from processes.store import Claim
from tests.processes.engine.programs import Choice, Loop, Scope

STEPS = 4


class World:
    """Outside of the database: what it has been told, by key; it survives every crash."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.interrupt: Callable[[str], None] = lambda place: None

    def do(self, key: str) -> None:
        """An effect, with a place to die on either side of it."""
        self.interrupt("before-effect")
        self._note(key)
        self.interrupt("after-effect")

    def _note(self, key: str) -> None:
        self.calls[key] += 1


class FileWorld(World):
    """The same for many processes of the operating system: a file, to which each effect is appended in one write.

    What is written there outlives the death of the writer. Each effect takes `seconds`.
    """

    def __init__(self, path: Path, seconds: float = 0) -> None:
        super().__init__()
        self._path, self._seconds = path, seconds
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def _note(self, key: str) -> None:
        os.write(self._file, f"{key}\n".encode())
        time.sleep(self._seconds)

    def all_calls(self) -> Counter[str]:
        """What everybody has done so far, by key."""
        return Counter(self._path.read_text().splitlines())


world = World()


@step("Act")
def act(state: State, context: StepContext) -> State:
    world.do(context.idempotency_key)
    return {"done": [*state.get("done", []), context.path]}


def _acts(count: int, prefix: str = "act") -> StepList:
    numbers = range(count)
    return StepList(tuple(replace(act, key=f"{prefix}-{number}", name=f"Act {number}") for number in numbers))


@step("Act heavily")
def act_heavily(state: State, context: StepContext) -> State:
    world.do(context.idempotency_key)
    return {"done": [*state.get("done", []), context.path], f"bulk-{context.path}": "x" * 40_000}


@step("Stumble", retry=Retry(tries=4, delay=5, jitter=0))
def stumble(state: State, context: StepContext) -> State:
    world.do(context.idempotency_key)
    if context.attempt <= 2:
        raise ConnectionError("the outside is down")
    return {"done": [*state.get("done", []), context.path]}


@step("Fail until a person comes")
def fail_until_retried(state: State, context: StepContext) -> State:
    world.do(context.idempotency_key)
    if context.attempt == 1:
        raise ValueError("the first try always fails")
    return {"done": [*state.get("done", []), context.path]}


@step("Write a row", atomic=True)
def write_a_row(state: State, context: StepContext) -> State:
    Notification.objects.create(title=context.idempotency_key)
    return {"done": [*state.get("done", []), context.path]}


class Answer(FormPage):
    word: str


@input_step("Ask")
def ask() -> Generator[Any, Any, State]:
    answer = yield Answer
    return {"word": answer.word}


@step("Check that the lock is mine")
def check_lock(state: State, context: StepContext) -> State:
    holder = ResourceLock.objects.filter(resource=state["thing"]).values_list("process_id", flat=True).first()
    assert holder == context.process_id, f"{state['thing']} is held by {holder}"
    world.do(context.idempotency_key)
    return {"done": [*state.get("done", []), context.path]}


class ThingSession(UnboundSession):
    """Saves a row with the last step, in its commit, and holds one thing more from then on."""

    def __init__(self, run: StepRun) -> None:
        self._run = run

    @property
    def has_changes(self) -> bool:  # type: ignore[override]  # a plain attribute in the class that never has any
        return self._run.path == "check-again"

    def commit(self) -> tuple[Subject, ...]:
        Notification.objects.create(title=f"{self._run.process_id}/{self._run.path}/{self._run.visit}")
        made = f"made by {self._run.process_id}"
        return (
            *(Subject("thing", one, "checked") for one in self._run.resources),
            Subject("thing", made, "made", made),
        )


@dataclass(frozen=True)
class ThingBinding:
    """Locks the thing that the start names."""

    def resources(self, start: Start) -> tuple[str, ...]:
        return (start.state["thing"],)

    def on_start(self, start: Start) -> Started:
        return Started({}, (Subject("thing", start.state["thing"], start.state["thing"]),))

    def session(self, run: StepRun) -> StepSession:
        return ThingSession(run)

    def on_end(self, end: End) -> None:
        assert end.status in {ProcessStatus.COMPLETED, ProcessStatus.ABORTED, ProcessStatus.FAILED}


class Thing(FormPage):
    thing: str


def thing_form() -> Generator[Any, Any, State]:
    answer = yield Thing
    return {"thing": answer.thing}


@task("Straight on")
def straight() -> StepList:
    return _acts(STEPS)


@task("With branches")
def branching() -> StepList:
    never, always = conditional(lambda state: False), conditional(lambda state: True)
    return begin >> _acts(1) >> never(_acts(1, "never")) >> always(_acts(1, "always")) >> _acts(1, "last")


@task("With a question")
def asking() -> StepList:
    return begin >> _acts(2) >> ask >> _acts(1, "after")


@task("With tries")
def stumbling() -> StepList:
    return begin >> _acts(1) >> stumble >> fail_until_retried >> _acts(1, "after")


@task("With rows")
def writing() -> StepList:
    first, second = replace(write_a_row, key="row-0"), replace(write_a_row, key="row-1")
    return begin >> first >> _acts(1) >> second


@task("With weight")
def heavy() -> StepList:
    return StepList(tuple(replace(act_heavily, key=f"heavy-{number}", name="Heavy") for number in range(4)))


@make_workflow("With a lock", binding=ThingBinding(), form=thing_form)
def locking() -> StepList:
    return begin >> check_lock >> _acts(1) >> replace(check_lock, key="check-again")


@step("Trip", retry=Retry(tries=4, delay=0.1, jitter=0))
def trip(state: State, context: StepContext) -> State:
    world.do(context.idempotency_key)
    if context.attempt == 1:
        raise ConnectionError("the outside is down")
    return {"done": [*state.get("done", []), context.path]}


@task("A long march")
def marching() -> StepList:
    never = conditional(lambda state: False)
    row = replace(write_a_row, key="row")
    return begin >> _acts(2) >> row >> never(_acts(1, "never")) >> trip >> _acts(1, "last")


@task("A long march with a question")
def marching_and_asking() -> StepList:
    return begin >> _acts(2) >> ask >> _acts(2, "after")


@make_workflow("A long march with a lock", binding=ThingBinding(), form=thing_form)
def marching_with_a_lock() -> StepList:
    return begin >> check_lock >> _acts(3) >> replace(check_lock, key="check-again")


@step("Count", key="count")
def count(state: State, context: StepContext) -> State:
    world.do(context.idempotency_key)
    return {"count": state.get("count", 0) + 1, "done": [*state.get("done", []), context.path]}


@step("Do what may fail", key="even")
def fail_at_two(state: State, context: StepContext) -> State:
    world.do(context.idempotency_key)
    raise ConnectionError("even numbers are out of order")


@task("With a loop, a choice and a handler")
def looping() -> StepList:
    scope = Scope((fail_at_two, replace(act, key="mend")), key="scope")
    choice = Choice((replace(act, key="odd"), scope), key="which")
    return begin >> Loop((count, choice), key="loop") >> replace(act, key="finish")


EFFECTS_BEFORE_THE_SCOPE = 3
"""How often the looping shape tells the outside something before it comes to the step in its scope."""


@contextmanager
def not_beating(claim: Claim) -> Iterator[None]:
    """Drive without the thread that beats: nothing takes long here."""
    yield


@step("Hang inside the commit", atomic=True, timeout=0.5, retry=Retry(tries=2, delay=0, jitter=0))
def hang_inside(context: StepContext) -> None:
    Notification.objects.create(title=context.idempotency_key)
    if context.attempt == 1:
        time.sleep(3600)


@task("Hangs inside its commit")
def hanging() -> StepList:
    return begin >> hang_inside


@step("Freeze", atomic=True)
def freeze(context: StepContext) -> None:
    """As by SIGSTOP, in the middle of a transaction that has written already."""
    Notification.objects.create(title=context.idempotency_key)
    if context.attempt == 1:
        os.kill(os.getpid(), signal.SIGSTOP)


@task("Freezes inside its commit")
def freezing() -> StepList:
    return begin >> freeze


@step("Dawdle")
def dawdle(state: State, context: StepContext) -> State:
    """Takes longer than anybody who stops a worker waits, until it has been stopped."""
    world.do(context.idempotency_key)
    if context.attempt == 1:
        time.sleep(3600)
    return {"done": [*state.get("done", []), context.path]}


@task("Dawdles")
def dawdling() -> StepList:
    return begin >> dawdle


class Orders:
    """What the next try of an obeying step shall do."""

    def __init__(self) -> None:
        self.fails = False


orders = Orders()


@step("Obey")
def obey(state: State, context: StepContext) -> State:
    world.do(context.idempotency_key)
    if orders.fails:
        raise ConnectionError("as ordered")
    return {"done": [*state.get("done", []), context.path]}


PATIENCE_SECONDS = 10_000.0
"""Far longer than any test takes, so that only a moved clock ends it."""


@make_workflow("Does what it is told", binding=ThingBinding(), form=thing_form)
def obeying() -> StepList:
    patient = Retry(tries=2, delay=PATIENCE_SECONDS, cap=PATIENCE_SECONDS, jitter=0)
    return begin >> obey >> replace(obey, key="obey-twice", retry=patient) >> ask >> replace(obey, key="obey-last")


EXPECTED: Mapping[str, list[str]] = {
    "straight": ["act-0", "act-1", "act-2", "act-3"],
    "branching": ["act-0", "always-0", "last-0"],
    "asking": ["act-0", "act-1", "after-0"],
    "stumbling": ["act-0", "stumble", "fail-until-a-person-comes", "after-0"],
    "writing": ["row-0", "act-0", "row-1"],
    "heavy": ["heavy-0", "heavy-1", "heavy-2", "heavy-3"],
    "locking": ["check-that-the-lock-is-mine", "act-0", "check-again"],
    "looping": [
        "loop/count",
        "loop/which/odd",
        "loop/count",
        "loop/which/scope/mend",
        "loop/count",
        "loop/which/odd",
        "finish",
    ],
    "dawdling": ["dawdle"],
    "marching": ["act-0", "act-1", "row", "trip", "last-0"],
    "marching_and_asking": ["act-0", "act-1", "after-0", "after-1"],
    "marching_with_a_lock": ["check-that-the-lock-is-mine", "act-0", "act-1", "act-2", "check-again"],
}
"""What `done` holds at the end of each."""

ROWS: Mapping[str, tuple[str, ...]] = {
    "writing": ("row-0", "row-1"),
    "locking": ("check-again",),
    "marching": ("row",),
    "marching_with_a_lock": ("check-again",),
}
"""Which of these wrote a row of ours with their commit, titled with their key."""

SILENT = frozenset({"row", "row-0", "row-1"})
"""Which tell the outside nothing."""

SHAPES: Mapping[str, Workflow] = {
    one.name: one for one in (straight, branching, asking, stumbling, writing, heavy, locking, looping)
}

MARCHES: Mapping[str, Workflow] = {one.name: one for one in (marching, marching_and_asking, marching_with_a_lock)}
"""At least five steps each, for storms."""
