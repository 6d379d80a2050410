"""What a test of an author sees in memory is what happens on tables: the same workflows, run twice and compared."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from processes import actions, store
from processes.engine import Abort, Difference, Drift, ProcessStatus, Unavailable, run_in_memory
from processes.engine.binding import Unbound
from processes.models import Process
from processes.plugins import registry
from processes.store import clock
from tests.processes import workflows
from tests.processes.conftest import RunReady

pytestmark = pytest.mark.django_db(transaction=True)

BLUE = {"colour": "blue"}
Told = tuple[str, list[tuple[Any, ...]], dict[str, Any]]
OWN = {"process_id", "reporter", "workflow_name", "workflow_target"}

CASES: list[tuple[str, dict[str, Any], list[dict[str, Any]], list[Exception]]] = [
    ("count_to_two", {}, [], []),
    ("do_nothing", {}, [], []),
    ("ask_a_person", {}, [BLUE], []),
    ("ask_a_person", {}, [], []),
    ("ask_at_the_end", {}, [BLUE], []),
    ("heal", {}, [], []),
    ("heal", {}, [], [ValueError("no")]),
    ("heal", {}, [], [ConnectionError("down")]),
    ("heal", {}, [], [ConnectionError("down"), ConnectionError("still down")]),
    ("heal", {}, [], [ConnectionError("down"), ValueError("no")]),
    ("heal", {}, [], [Abort("enough")]),
    ("heal", {}, [], [Drift([Difference("colour", "blue", "red")])]),
    ("heal", {}, [], [Unavailable("down", retry_after=60)]),
    ("talk_nonsense", {}, [], []),
    ("count_many_times", {}, [], []),
    ("gather", {"size": 30_000}, [], []),
]


def in_memory(name: str, given: dict[str, Any], inputs: list[dict[str, Any]]) -> Told:
    run = run_in_memory(registry.get(name), state=given, inputs=inputs, binding=Unbound())
    steps = [
        (one.path, one.name, one.status, one.attempt, one.changes or None, message(one.error)) for one in run.steps
    ]
    return run.status, steps, run.state


def on_tables(
    name: str, given: dict[str, Any], inputs: list[dict[str, Any]], by: User, run_ready: Callable[[], int]
) -> Told:
    process = actions.start(name, [given] if given else [], by=by)
    run_ready()
    for answer in inputs:
        actions.answer(process.pk, [answer], by=by)
        run_ready()
    for tries in range(3):
        with clock.shift(timedelta(hours=tries)):
            run_ready()
    process.refresh_from_db()
    return process.status, rows_of(process), state_of(process)


def rows_of(process: Process) -> list[tuple[Any, ...]]:
    rows = process.steps.values_list("path", "name", "status", "attempt", "patch", "error__message")
    return [(*row, patch or None, error) for *row, patch, error in rows]


def state_of(process: Process) -> dict[str, Any]:
    state = store.load_state(process.pk).as_dict()
    return {key: value for key, value in state.items() if key not in OWN}


def message(error: Any) -> str | None:
    return error.message if error else None


@pytest.mark.parametrize(("name", "given", "inputs", "failures"), CASES)
def test_memory_and_tables_tell_the_same(
    operator: User,
    run_ready: RunReady,
    name: str,
    given: dict[str, Any],
    inputs: list[dict[str, Any]],
    failures: list[Exception],
) -> None:
    workflows.failures.extend(failures)
    expected = in_memory(name, given, inputs)
    workflows.failures[:] = failures

    assert on_tables(name, given, inputs, operator, run_ready) == expected


def test_every_end_is_among_the_cases(registered: None) -> None:
    ends = set()
    for name, given, inputs, failures in CASES:
        workflows.failures[:] = failures
        ends.add(in_memory(name, given, inputs)[0])

    assert ends == {
        ProcessStatus.COMPLETED,
        ProcessStatus.SUSPENDED,
        ProcessStatus.FAILED,
        ProcessStatus.API_UNAVAILABLE,
        ProcessStatus.INCONSISTENT_DATA,
        ProcessStatus.ABORTED,
    }
