"""When it is not the step that fails: a binding that breaks, a commit that is refused, a database that is lost."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper

from processes import actions, store
from processes.engine import State, StepContext, StepList, Target, begin, step, transitions, workflow
from processes.engine.binding import End, Start, Started, StepRun, StepSession, Subject, UnboundSession
from processes.execution import drive, recovery
from processes.execution.interceptors import write_guard
from processes.models import EngineSettings, Process, ProcessSubject, ResourceLock, Step
from processes.plugins import registry
from processes.store import clock
from tests.processes.conftest import RunReady, told

pytestmark = pytest.mark.django_db(transaction=True)


class Broken(Exception):
    """A fault of the binding."""


@dataclass
class Touchy:
    """A binding that fails where it is told to."""

    fails: set[str] = field(default_factory=set)

    def _reach(self, place: str) -> None:
        if place in self.fails:
            raise Broken(place)

    def resources(self, start: Start) -> tuple[str, ...]:
        return ("thing:1",)

    def on_start(self, start: Start) -> Started:
        self._reach("start")
        return Started()

    def session(self, run: StepRun) -> StepSession:
        self._reach("session")
        return TouchySession(self)

    def on_end(self, end: End) -> None:
        EngineSettings.objects.create(paused_by=end.status)
        self._reach("end")
        self._reach(f"end {end.status}")


@dataclass
class TouchySession(UnboundSession):
    binding: Touchy
    has_changes = True

    def collect(self, returned: Mapping[str, object]) -> dict[str, Any]:
        self.binding._reach("collect")
        return dict(returned)

    def commit(self) -> tuple[Subject, ...]:
        ProcessSubject.objects.all().delete()
        self.binding._reach("commit")
        return (Subject("thing", "1", "Thing one"),)


binding = Touchy()


@step("Look")
def look(context: StepContext) -> State:
    context.progress({"percent": 50})
    return {"seen": True}


@workflow("Touch", target=Target.MODIFY, binding=binding)
def touch() -> StepList:
    return begin >> look


@pytest.fixture
def fails(registered: None, settings: Any) -> Iterator[set[str]]:
    settings.WORKFLOW_MODULES = ["tests.processes.workflows", "tests.processes.execution.test_write_guard"]
    registry.reload()
    binding.fails.clear()
    yield binding.fails
    binding.fails.clear()


def test_binding_that_works_saves_its_subject(operator: User, fails: set[str], run_ready: RunReady) -> None:
    process = actions.start("touch", [], by=operator)

    run_ready()

    process.refresh_from_db()
    assert process.status == "completed"
    assert list(process.subjects.values_list("kind", "subject_id", "label")) == [("thing", "1", "Thing one")]
    assert EngineSettings.objects.get().paused_by == "completed"


def test_start_that_breaks_leaves_nothing(operator: User, fails: set[str]) -> None:
    fails.add("start")

    with pytest.raises(Broken):
        actions.start("touch", [], by=operator)

    assert (Process.objects.count(), ResourceLock.objects.count()) == (0, 0)


@pytest.mark.parametrize("place", ["session", "collect", "commit", "end", "end completed"])
def test_binding_that_breaks_fails_the_process_and_lets_go(
    operator: User, fails: set[str], run_ready: RunReady, place: str
) -> None:
    fails.add(place)
    process = actions.start("touch", [], by=operator)

    run_ready()

    process.refresh_from_db()
    assert (process.status, process.run_state, process.error_class) == ("failed", "waiting", "Broken")
    assert (process.failed_reason, process.position_path, process.sequence) == (place, "look", 0)
    assert told(process) == [("look", "failed", 1)]
    assert not ResourceLock.objects.exists()

    fails.clear()
    EngineSettings.objects.all().delete()
    actions.retry(process.pk, by=operator)
    run_ready()
    assert Process.objects.get().status == "completed"


def test_binding_that_cannot_be_told_of_a_crash_does_not_stop_the_rescue(operator: User, fails: set[str]) -> None:
    fails.add("end")
    process = actions.start("touch", [], by=operator)

    for number in range(transitions.CRASH_BUDGET):
        assert store.claim(f"worker {number}") is not None
        assert recovery.recover_from([f"worker {number}"]) == 1

    process.refresh_from_db()
    assert (process.status, process.error_class) == ("failed", "WorkerCrashed")
    assert (ResourceLock.objects.count(), EngineSettings.objects.count()) == (0, 0)


def test_process_that_cannot_be_rescued_keeps_nobody_else_from_it(operator: User, fails: set[str]) -> None:
    broken = actions.start("touch", [], by=operator)
    store.claim("dead worker")
    Step.objects.create(
        process=broken, path="look", attempt=1, name="In the way", status="failed", started_at=clock.now()
    )
    other = actions.start("count_to_two", [], by=operator)
    store.claim("dead worker")

    assert recovery.recover_from(["dead worker"]) == 1

    other.refresh_from_db()
    assert other.run_state == "ready"
    broken.delete()


def cut_off(at: str) -> Callable[..., Any]:
    """A database that is lost at statements with these words."""

    def execute(run: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if at in sql:
            raise OperationalError("server closed the connection unexpectedly")
        return run(sql, *rest)

    return execute


@pytest.mark.parametrize("at", ["INSERT INTO processes_step", "processes_statesnapshot"])
def test_lost_database_fails_no_step_and_the_process_is_taken_back(
    operator: User, run_ready: RunReady, at: str
) -> None:
    process = actions.start("count_to_two", [], by=operator)
    claim = store.claim("worker")
    assert claim is not None

    with pytest.raises(OperationalError), connection.execute_wrapper(cut_off(at)):
        drive.run_claimed(claim)

    process.refresh_from_db()
    assert (process.run_state, told(process)) == ("running", [])
    with clock.shift(timedelta(seconds=store.LEASE_SECONDS + 1)):
        assert recovery.recover_expired() == 1
        run_ready()
    process.refresh_from_db()
    assert process.status == "completed"


WRITES = [
    "UPDATE processes_process SET note = 'x'",
    "  (INSERT INTO processes_enginesettings VALUES (1))",
    "WITH gone AS (DELETE FROM processes_process RETURNING id) SELECT * FROM gone",
    "with new as (insert into processes_step default values returning id) select * from new",
    "/* quietly */ DELETE FROM processes_process",
    "TRUNCATE processes_process",
]
READS = ["SELECT 1", " \n select 1", "WITH one AS (SELECT 1 AS updated) SELECT * FROM one", "EXPLAIN SELECT 1"]


@pytest.mark.parametrize("sql", WRITES)
def test_guard_refuses_writes(sql: str) -> None:
    with pytest.raises(write_guard.ForeignWrite), connection.execute_wrapper(write_guard.WriteGuard()):
        run_sql(sql)


@pytest.mark.parametrize("sql", READS)
def test_guard_lets_reads_through(sql: str) -> None:
    with connection.execute_wrapper(write_guard.WriteGuard()):
        run_sql(sql)


def run_sql(sql: str) -> None:
    cursor: CursorWrapper
    with connection.cursor() as cursor:
        cursor.execute(sql)
