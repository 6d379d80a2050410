"""The connection is lost around a commit: whatever was written counts, and no step runs again without need."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections

from processes import actions, store
from processes.execution import drive
from processes.models import Process
from processes.store import failpoints
from processes.workers import serve
from tests.faults import evidence, shapes
from tests.faults.storm import somebody

pytestmark = pytest.mark.timeout(60)

QUIET = sorted(set(shapes.SHAPES) - {"asking", "stumbling", "locking"})
"""Shapes that need nobody, each step once."""


@pytest.fixture
def person(shaped: None) -> User:
    shapes.world = shapes.World()
    return somebody()


def work() -> None:
    while (claim := store.claim("worker")) is not None:
        drive.run_claimed(claim, lease_kept=shapes.not_beating)


def check_done_without_repeats(process: Process) -> None:
    process.refresh_from_db()
    assert process.status == "completed"
    assert process.crash_count == 0
    assert set(process.steps.values_list("attempt", flat=True)) == {1}
    assert set(shapes.world.calls.values()) <= {1}
    assert evidence.broken_promises(shapes.world.calls) == []


class Losses:
    """Loses the answer to every statement of a commit, or to every COMMIT, the first time it is asked."""

    def __init__(self) -> None:
        self.lost = 0
        self._is_second = False
        self._commit = connections[DEFAULT_DB_ALIAS].commit

    def statement(self, run: Callable[..., Any], sql: str, *rest: Any) -> Any:
        answer = run(sql, *rest)
        if "UPDATE processes_process SET run_state = %(run_state)s" in sql and not connection.in_atomic_block:
            self._lose()
        return answer

    def commit(self) -> None:
        self._commit()
        self._lose()

    def _lose(self) -> None:
        self._is_second = not self._is_second
        if self._is_second:
            self.lost += 1
            raise OperationalError("the connection was lost")


@contextmanager
def losing_answers() -> Iterator[Losses]:
    losses = Losses()
    with pytest.MonkeyPatch.context() as patch, connection.execute_wrapper(losses.statement):
        patch.setattr(connections[DEFAULT_DB_ALIAS], "commit", losses.commit)
        yield losses


@pytest.mark.parametrize("shape", QUIET)
def test_commit_whose_answer_is_lost_counts(person: User, shape: str) -> None:
    process = actions.start(shape, [], by=person)

    with losing_answers() as losses:
        work()

    assert losses.lost >= 2
    check_done_without_repeats(process)


@contextmanager
def cut_at(point: str) -> Iterator[list[str]]:
    """At the server, each second time this place is reached; the places, as many as there were cuts."""
    cuts: list[str] = []
    reached = [0]

    def listen(place: str) -> None:
        if place != point:
            return
        reached[0] += 1
        if reached[0] % 2:
            cuts.append(place)
            elsewhere(backend())

    failpoints.listen(listen)
    try:
        yield cuts
    finally:
        failpoints.listen(None)


def backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def elsewhere(pid: int) -> None:
    """End that backend, on a connection of its own."""

    def end() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        connection.close()

    thread = threading.Thread(target=end)
    thread.start()
    thread.join()


@pytest.mark.postgres
@pytest.mark.parametrize("shape", QUIET)
def test_commit_that_was_cut_off_is_repeated_without_the_step(person: User, shape: str) -> None:
    point = "step-returned"
    process = actions.start(shape, [], by=person)

    with cut_at(point) as cuts:
        work()

    assert cuts
    check_done_without_repeats(process)


def test_claim_whose_answer_was_lost_is_given_back_at_once(person: User) -> None:
    process = actions.start("straight", [], by=person)
    assert store.claim("worker") is not None

    serve._serve_until_trouble("worker", _UntilDone())

    process.refresh_from_db()
    assert process.status == "completed"


class _UntilDone(serve._Stop):
    """Stops when nothing is left to do."""

    def is_due(self) -> bool:
        return not Process.objects.unfinished().exists()
