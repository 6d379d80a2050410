"""Claims: what is taken, in which order, and what is left alone. The same on every database."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from processes import store
from processes.engine.values.status import RunState
from processes.models import EngineSettings, Process
from processes.store import Claim, clock
from processes.store.clock import EngineNow
from tests.processes.store.conftest import Start, claimed, everything
from tests.processes.threads import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_claim_takes_the_most_urgent_then_the_longest_waiting(start: Start) -> None:
    late = start(ready_at=EngineNow(-1))
    early = start(ready_at=EngineNow(-9))
    urgent = start(ready_at=EngineNow(0), priority=5)
    patient = start(ready_at=EngineNow(-99), priority=-1)

    order = [claimed().process_id for _ in range(4)]

    assert order == [urgent.pk, early.pk, late.pk, patient.pk]
    assert store.claim("worker-1") is None


def test_claim_tells_where_the_process_stands_and_records_the_try(start: Start) -> None:
    process = start(lock_keys=["thing:1", "thing:2"])

    claim = claimed()

    row = Process.objects.get()
    assert (claim.process_id, claim.worker, claim.fence, claim.position.path, claim.position.visit) == (
        process.pk,
        "worker-1",
        1,
        "count",
        1,
    )
    assert (claim.attempt, claim.standing.tries_before, claim.sequence, claim.is_task) == (1, 0, 0, True)
    assert (claim.created_by, claim.lock_keys) == ("operator", ("thing:1", "thing:2"))
    assert (claim.workflow_name, claim.workflow_version_id) == ("count_to_two", row.workflow_version_id)
    assert (row.run_state, row.status, row.leased_by, row.fence, row.position_attempt) == (
        "running",
        "running",
        "worker-1",
        1,
        1,
    )
    assert row.attempt_started_at == claim.attempt_started_at
    assert row.lease_expires_at is not None
    assert (row.lease_expires_at - row.last_modified_at).total_seconds() == pytest.approx(store.LEASE_SECONDS, abs=0.1)


@pytest.mark.parametrize("state", [RunState.RUNNING, RunState.STOPPED])
def test_only_ready_processes_are_claimed(start: Start, state: RunState) -> None:
    start(run_state=state, leased_by="other" if state is RunState.RUNNING else "", lease_expires_at=EngineNow(9))

    assert store.claim("worker-1") is None


def test_process_that_is_not_due_is_not_claimed(start: Start) -> None:
    start(ready_at=EngineNow(60))

    assert store.claim("worker-1") is None
    with clock.shift(timedelta(seconds=61)):
        assert store.claim("worker-1") is not None


def test_nothing_is_claimed_while_the_engine_is_paused(start: Start) -> None:
    start()
    EngineSettings.objects.create(paused_at=EngineNow())

    assert store.claim("worker-1") is None
    EngineSettings.objects.update(paused_at=None)
    assert store.claim("worker-1") is not None


def test_idle_poll_writes_nothing(start: Start) -> None:
    start(ready_at=EngineNow(60))
    before = everything()

    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        assert store.claim("worker-1") is None
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_current_xact_id_if_assigned()")
                assert cursor.fetchone() == (None,)

    assert len([one for one in queries if "processes_process" in one["sql"]]) == 1
    assert everything() == before


def test_no_two_claims_get_the_same_process(start: Start) -> None:
    processes = {start().pk for _ in range(12)}

    def take_all() -> list[Any]:
        taken = []
        while (claim := store.claim("any")) is not None:
            taken.append(claim.process_id)
        return taken

    taken = [one for some in together([take_all] * 4) for one in some]  # type: ignore[union-attr]

    assert sorted(taken) == sorted(processes)


@pytest.mark.postgres
def test_claim_passes_by_what_somebody_else_looks_at(start: Start) -> None:
    first, second = start(ready_at=EngineNow(-9)), start(ready_at=EngineNow(-1))

    def look_at(process: Process) -> Any:
        with transaction.atomic():
            Process.objects.select_for_update().get(pk=process.pk)
            return together([claimed])

    ((claim,),) = (look_at(first),)
    assert isinstance(claim, Claim)
    assert claim.process_id == second.pk


def test_next_moment(start: Start) -> None:
    """What is ready now but cannot be claimed, since the engine is paused, must not keep a worker busy."""
    start(ready_at=EngineNow(-60))
    assert store.next_moment() is None
    start(ready_at=EngineNow(60))
    start(ready_at=EngineNow(600))
    assert store.next_moment() == pytest.approx(60, abs=5)
