"""Workflows of two or three steps, one of each shape that the engine knows, for the simulation on SQLite."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import connection

from processes.engine import Retry, State, StepContext, StepList, Workflow, begin, conditional, step, task
from processes.engine import workflow as make_workflow
from processes.engine.binding import StepRun, StepSession, Subject
from tests.faults import shapes

RETRY_SECONDS = 5.0
DEADLINE_SECONDS = 9.0


def _act(key: str) -> StepList:
    return StepList((replace(shapes.act, key=key, name=key),))


@step("Stumble", retry=Retry(tries=2, delay=RETRY_SECONDS, jitter=0))
def stumble(state: State, context: StepContext) -> State:
    shapes.world.do(context.idempotency_key)
    if context.attempt == 1:
        raise ConnectionError("the outside is down")
    return {"done": [*state.get("done", []), context.path]}


@step("Be punctual", timeout=DEADLINE_SECONDS, retry=Retry(tries=9, delay=1, jitter=0))
def be_punctual(state: State, context: StepContext) -> State:
    shapes.world.do(context.idempotency_key)
    return {"done": [*state.get("done", []), context.path]}


def _write(title: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ROW, [title])


_ROW = """
INSERT INTO processes_notification ("group", topic, severity, title, body, link, created_at)
VALUES ('', '', 'normal', %s, '', '', engine_now(0))
"""


@step("Write a row", atomic=True)
def write_a_row(state: State, context: StepContext) -> State:
    _write(context.idempotency_key)
    return {"done": [*state.get("done", []), context.path]}


@step("Check that the lock is mine")
def check_lock(state: State, context: StepContext) -> State:
    with connection.cursor() as cursor:
        cursor.execute("SELECT process_id FROM processes_resourcelock WHERE resource = %s", [state["thing"]])
        held = cursor.fetchone()
    assert held is not None
    assert UUID(held[0]) == context.process_id, f"{state['thing']} is held by {held[0]}"
    shapes.world.do(context.idempotency_key)
    return {"done": [*state.get("done", []), context.path]}


class ThingSession(shapes.ThingSession):
    """Saves a row with the last step, in its commit."""

    def commit(self) -> tuple[Subject, ...]:
        _write(f"{self._run.process_id}/{self._run.path}/{self._run.visit}")
        return tuple(Subject("thing", one, "checked") for one in self._run.resources)


@dataclass(frozen=True)
class ThingBinding(shapes.ThingBinding):
    """Locks the thing that the start names."""

    def session(self, run: StepRun) -> StepSession:
        return ThingSession(run)


@task("Straight on, in brief")
def short() -> StepList:
    never = conditional(lambda state: False)
    return begin >> _act("one") >> never(_act("never")) >> _act("two")


@task("With a question, in brief")
def short_asking() -> StepList:
    return begin >> _act("one") >> shapes.ask >> _act("two")


@task("With tries, in brief")
def short_stumbling() -> StepList:
    return begin >> stumble >> _act("two")


@task("With a person, in brief")
def short_failing() -> StepList:
    return begin >> replace(shapes.fail_until_retried, key="fail") >> _act("two")


@task("With a deadline, in brief")
def short_punctual() -> StepList:
    return begin >> be_punctual >> _act("two")


@task("With rows, in brief")
def short_writing() -> StepList:
    return begin >> replace(write_a_row, key="row-0") >> replace(write_a_row, key="row-1")


@task("With weight, in brief")
def short_heavy() -> StepList:
    return StepList(tuple(replace(shapes.act_heavily, key=key, name=key) for key in ("one", "two")))


@make_workflow("With a lock, in brief", binding=ThingBinding(), form=shapes.thing_form)
def short_locking() -> StepList:
    return begin >> replace(check_lock, key="check") >> replace(check_lock, key="check-again")


EXPECTED: Mapping[str, list[str]] = {
    "short": ["one", "two"],
    "short_asking": ["one", "two"],
    "short_stumbling": ["stumble", "two"],
    "short_failing": ["fail", "two"],
    "short_punctual": ["be-punctual", "two"],
    "short_writing": ["row-0", "row-1"],
    "short_heavy": ["one", "two"],
    "short_locking": ["check", "check-again"],
}
"""What `done` holds at the end of each."""

ROWS: Mapping[str, tuple[str, ...]] = {"short_writing": ("row-0", "row-1"), "short_locking": ("check-again",)}
"""Which of these wrote a row of ours with their commit, titled with their key."""

SILENT = frozenset({"row-0", "row-1"})
"""Which tell the outside nothing."""

SHAPES: Mapping[str, Workflow] = {
    one.name: one
    for one in (
        short, short_asking, short_stumbling, short_failing, short_punctual, short_writing, short_heavy, short_locking,
    )
}  # fmt: skip

COSTLY = frozenset({"short_heavy", "short_asking", "short_failing"})
WEIGHTS: Mapping[str, int] = {name: 1 if name in COSTLY else 4 for name in SHAPES}
"""How often each takes part: those that cost most, seldom."""
