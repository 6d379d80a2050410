"""Who speaks for a worker: the operating system on its host, its database session on any."""

import os
import time
from datetime import timedelta

import pytest
from django.db import connection, connections

from processes.models import Worker
from processes.store import clock, sqlite_files
from processes.workers import liveness

pytestmark = pytest.mark.django_db(transaction=True)


def worker_elsewhere() -> Worker:
    worker = liveness.register()
    Worker.objects.filter(pk=worker.pk).update(host="elsewhere")
    worker.refresh_from_db()
    return worker


def test_own_process_is_alive_until_its_row_tells_of_another() -> None:
    worker = liveness.register()

    assert (worker.pid, liveness.is_alive(worker)) == (os.getpid(), True)
    worker.liveness_key += 1
    assert not liveness.is_alive(worker)


def test_worker_that_signed_off_is_not_asked_for() -> None:
    worker = liveness.register()

    liveness.sign_off(worker.pk)

    assert liveness.workers_of_this_host() == []


@pytest.mark.postgres
def test_session_speaks_for_a_worker_until_it_ends() -> None:
    worker = worker_elsewhere()
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [worker.pk])

    with clock.shift(timedelta(seconds=60)):
        assert liveness.without_session() == []
        other.close()
        until = time.monotonic() + 10  # the server needs a moment to notice
        while not (found := liveness.without_session()) and time.monotonic() < until:
            time.sleep(0.01)
        assert found == [worker.pk]


def test_worker_whose_lock_is_free_is_dead_wherever_it_ran() -> None:
    held, lost = worker_elsewhere(), worker_elsewhere()
    liveness.hold_session(held.pk)

    with clock.shift(timedelta(seconds=60)):
        assert liveness.without_session() == [lost.pk]

    connection.close()
    sqlite_files.forget(held.pk)


def test_worker_that_was_taken_for_dead_is_alive_again_when_it_speaks_up() -> None:
    worker = worker_elsewhere()
    liveness.sign_off(worker.pk)

    liveness.hold_session(worker.pk)

    worker.refresh_from_db()
    assert (worker.state, worker.ended_at) == ("alive", None)
    connection.close()
    sqlite_files.forget(worker.pk)


def test_numbers_of_a_container_with_the_name_of_this_host_mean_nothing_here() -> None:
    worker = liveness.register()
    boot, _, _ = liveness.boot_id().partition(" ")

    Worker.objects.filter(pk=worker.pk).update(boot_id=f"{boot} pid:[1]", pid=2**22 + 1)
    assert liveness.workers_of_this_host() == []

    Worker.objects.filter(pk=worker.pk).update(boot_id="former-boot pid:[1]")
    (before,) = liveness.workers_of_this_host()
    assert not liveness.is_alive(before)


@pytest.mark.postgres
def test_worker_holds_its_session_once_more_after_a_new_connection() -> None:
    worker = worker_elsewhere()
    liveness.hold_session(worker.pk)
    connection.close()
    liveness.hold_session(worker.pk)

    with clock.shift(timedelta(seconds=60)):
        assert liveness.without_session() == []
    connection.close()


def test_worker_that_has_just_begun_is_given_a_moment() -> None:
    worker_elsewhere()

    assert liveness.without_session() == []


def test_this_process_is_alive_and_others_are_not() -> None:
    worker = liveness.register()

    assert liveness.is_alive(worker)
    assert liveness.workers_of_this_host() == [worker]
    for other in ({"pid": 2**22 + 1}, {"liveness_key": 1}, {"boot_id": "another"}):
        assert not liveness.is_alive(Worker(**{**as_columns(worker), **other}))


def as_columns(worker: Worker) -> dict[str, object]:
    return {one.attname: getattr(worker, one.attname) for one in Worker._meta.concrete_fields}


def test_dead_child_is_dead_even_before_it_is_buried() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)

    assert liveness.start_of(child) is None
    os.waitpid(child, 0)
    assert liveness.start_of(child) is None
