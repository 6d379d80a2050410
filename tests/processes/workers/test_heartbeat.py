"""The heartbeat that keeps a lease while a step takes long."""

import time

import pytest
from django.contrib.auth.models import User

from processes import actions, store
from processes.engine import transitions
from processes.models import Process
from processes.store import leases
from processes.store.clock import EngineNow
from processes.workers import heartbeat
from tests.processes.waiting import LONG

pytestmark = pytest.mark.django_db(transaction=True)


def test_heart_beats_while_a_step_takes_long(operator: User, registered: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(heartbeat, "BEAT_SECONDS", 0.02)
    actions.start("count_to_two", [], by=operator)
    claim = store.claim("worker-1")
    assert claim is not None
    Process.objects.update(lease_expires_at=EngineNow(-1))

    with heartbeat.lease_kept(claim, heartbeat._Heart()):
        until = time.monotonic() + LONG
        while not Process.objects.filter(lease_expires_at__gt=EngineNow(1)).exists():
            assert time.monotonic() < until
    leases.release(claim, transitions.released(claim.standing))
