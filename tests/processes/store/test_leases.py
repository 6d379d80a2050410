"""Leases: extended by heartbeats, released, and worth nothing once another worker has the process."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import User

from processes import actions, store
from processes.engine import transitions
from processes.models import Process
from processes.store import clock, leases
from processes.store.clock import EngineNow
from tests.processes.letters import A, B, Release
from tests.processes.store.conftest import Start, advanced, claimed

pytestmark = pytest.mark.django_db(transaction=True)


def test_worker_that_lost_its_process_adopts_nothing(release: Release, operator: User) -> None:
    release(A >> B)
    process = actions.start("letters", [], by=operator)
    claim = store.claim("slow worker")
    assert claim is not None
    actions.abort(process.pk, by=operator)

    with pytest.raises(store.Fenced):
        leases.adopt_version(claim, claim.workflow_version_id)


def test_release_keeps_the_place_and_the_tries(start: Start) -> None:
    process = start()
    process.refresh_from_db()
    claim = claimed()

    leases.release(claim, transitions.released(claim.standing))

    after = Process.objects.get()
    assert (after.run_state, after.leased_by, after.lease_expires_at, after.position_attempt) == ("ready", "", None, 0)
    assert after.ready_at == process.ready_at
    leases.release(claim, transitions.released(claim.standing))
    assert Process.objects.get().position_attempt == 0


def test_heartbeat_extends_the_lease_of_its_own_claim_only(start: Start) -> None:
    start()
    claim = claimed()
    Process.objects.update(lease_expires_at=EngineNow(-1))

    assert leases.extend(claim)
    lease = Process.objects.get().lease_expires_at
    assert lease is not None
    assert lease > clock.now()

    Process.objects.update(fence=9)
    assert not leases.extend(claim)


def test_progress_is_shown_until_the_step_is_over(start: Start) -> None:
    start()
    claim = claimed()

    leases.show_progress(claim, {"percent": 50})
    assert Process.objects.get().progress == {"percent": 50}

    store.commit(claim, *advanced(claim))
    assert Process.objects.get().progress is None
    leases.show_progress(replace(claim, fence=9), "too late")
    assert Process.objects.get().progress is None
