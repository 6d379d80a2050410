"""What Prometheus reads: figures that fit the tables, to this machine and to holders of the token alone."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from processes.engine.values.status import ProcessStatus, StepStatus
from processes.models import EngineSettings, ExternalSystem, Inbox, Outbox, ResourceLock, Worker
from processes.store import clock
from processes.workers.liveness import register
from tests.factories import processes as rows
from tests.factories import site

pytestmark = pytest.mark.django_db
ELSEWHERE = "192.0.2.7"


def figures(client: Client) -> dict[tuple[str, ...], float]:
    """Every sample by name and values of labels, these in the order of their names."""
    text = client.get("/metrics").content.decode()
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_figures_fit_the_tables(client: Client) -> None:
    now = clock.now()
    first = rows.process(ProcessStatus.CREATED, ready_at=now - timedelta(seconds=50), sequence=3)
    done = rows.process(sequence=4)
    for attempt in (1, 2):
        rows.step(first, status=StepStatus.CRASHED, attempt=attempt)
    rows.step(first, status=StepStatus.FAILED, attempt=3)
    worker = register()
    Worker.objects.filter(pk=register().pk).update(beat_at=now - timedelta(minutes=5))
    rows.process(ProcessStatus.RUNNING, leased_by=worker.pk)
    ResourceLock.objects.create(resource="thing", process=first, acquired_at=now)
    for fields in ({}, {"done_at": now}, {"dead_at": now}, {"dead_at": now}):
        Outbox.objects.create(process=done, kind="event", payload={}, created_at=now, next_at=now, **fields)
    for number, expires in enumerate((None, now - timedelta(days=1))):
        Inbox.objects.create(source="a", event_id=str(number), payload={}, received_at=now, expires_at=expires)
    site.subscription(site.product(), "one", insync=False)
    EngineSettings.objects.create(paused_at=now, paused_by="ada")
    ExternalSystem.objects.create(name="inventory", max_concurrent=4, cool_down_seconds=30)
    ExternalSystem.objects.create(name="mast", cool_down_seconds=30, stopped_at=now)
    rows.process(ProcessStatus.WAITING, blocked_by_system="mast")

    found = figures(client)

    assert 50 <= found.pop(("orchestrator_oldest_ready_seconds",)) < 80
    assert found == {
        ("orchestrator_processes", "ready", "created", "no"): 1,
        ("orchestrator_processes", "running", "running", "no"): 1,
        ("orchestrator_processes", "ended", "completed", "no"): 1,
        ("orchestrator_resource_locks",): 1,
        ("orchestrator_ready_processes",): 1,
        ("orchestrator_steps_committed_total",): 7,
        ("orchestrator_attempts_crashed_total",): 2,
        ("orchestrator_outbox_open",): 1,
        ("orchestrator_outbox_dead",): 2,
        ("orchestrator_inbox_open",): 1,
        ("orchestrator_workers", "busy"): 1,
        ("orchestrator_workers", "idle"): 0,
        ("orchestrator_workers", "silent"): 1,
        ("orchestrator_subscriptions", "no", "node Cisco", "active"): 1,
        ("orchestrator_paused",): 1,
        ("orchestrator_processes", "ready", "waiting", "no"): 1,
        ("orchestrator_external_system_calls_running", "inventory"): 0,
        ("orchestrator_external_system_calls_running", "mast"): 0,
        ("orchestrator_external_system_calls_limit", "inventory"): 4,
        ("orchestrator_external_system_calls_paused", "inventory"): 0,
        ("orchestrator_external_system_calls_paused", "mast"): 1,
        ("orchestrator_external_system_waiting", "inventory"): 0,
        ("orchestrator_external_system_waiting", "mast"): 1,
    }


def test_samples_stand_in_the_order_of_their_labels(client: Client) -> None:
    for name, insync in (("port", False), ("node", True), ("link", False)):
        site.subscription(site.product(name), name, insync=insync)

    subscriptions = [sample for sample in figures(client) if sample[0] == "orchestrator_subscriptions"]

    assert [name for _, _, name, _ in subscriptions] == ["link", "node", "port"]


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    def queries(count: int) -> int:
        for _ in range(count):
            rows.process(ProcessStatus.RUNNING, leased_by=register().pk)
            ExternalSystem.objects.create(name=uuid4().hex, cool_down_seconds=30)
        with CaptureQueriesContext(connection) as asked:
            figures(client)
        return len(asked)

    queries(1)  # plans of workflows are read once and kept
    assert queries(1) == queries(3)


def test_answer_is_of_the_kind_that_prometheus_reads(client: Client) -> None:
    answer = client.get("/metrics")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert b"ada" not in answer.content
    assert client.post("/metrics").status_code == 405


@pytest.mark.parametrize(
    ("token", "headers", "origin", "status"),
    [
        ("", {}, "127.0.0.1", 200),
        ("", {}, "::1", 200),
        ("", {}, ELSEWHERE, 403),
        ("", {}, "", 403),
        ("", {"X-Forwarded-For": "192.0.2.7"}, "127.0.0.1", 403),
        ("", {"Authorization": "Bearer "}, ELSEWHERE, 403),
        ("s3cret", {"Authorization": "Bearer s3cret"}, ELSEWHERE, 200),
        ("s3cret", {"Authorization": "bearer s3cret", "X-Forwarded-For": "192.0.2.7"}, ELSEWHERE, 200),
        ("s3cret", {"Authorization": "Bearer other"}, ELSEWHERE, 403),
        ("s3cret", {"Authorization": "Bearer é"}, ELSEWHERE, 403),
        ("s3cret", {"Authorization": "Bearer other"}, "127.0.0.1", 403),
        ("s3cret", {}, "127.0.0.1", 200),
    ],
)
def test_only_this_machine_and_holders_of_the_token_read(
    token: str, headers: dict[str, str], origin: str, status: int, client: Client, settings: Settings
) -> None:
    settings.METRICS_TOKEN = token

    answer = client.get("/metrics", headers=headers, REMOTE_ADDR=origin)

    assert (answer.status_code, b"orchestrator_paused 0.0" in answer.content) == (status, status == 200)
