"""What Prometheus reads at /metrics: figures of the engine, asked of the database at each scrape, about no person.

Answered to this machine itself, and to whoever has the token of `settings.METRICS_TOKEN`; to nobody else.
"""

from collections import Counter
from collections.abc import Iterator
from ipaddress import ip_address
from secrets import compare_digest

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from processes.actions import engine_status
from processes.engine.values.status import StepStatus
from processes.lists.methods import require_safe
from processes.models import Inbox, Outbox, Process, ResourceLock, Step
from processes.queries import external_systems, fleet
from processes.store import clock
from subscriptions.models import Subscription

PROXY_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures as text; 403 to strangers."""
    if not may_read(request):
        text = "Allowed from this host, or with the header Authorization: Bearer and the token of METRICS_TOKEN.\n"
        return HttpResponse(text, status=403, content_type="text/plain; charset=utf-8")
    registry = CollectorRegistry()
    registry.register(EngineFigures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def may_read(request: HttpRequest) -> bool:
    """Whether the request has the token, or comes from this machine and through no proxy."""
    given = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and given[0].lower() == "bearer":
        return compare_digest(given[2].strip().encode(), settings.METRICS_TOKEN.encode())
    is_forwarded = any(name in request.headers for name in PROXY_HEADERS)
    return not is_forwarded and _is_loopback(request.META.get("REMOTE_ADDR", ""))


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


class EngineFigures(Collector):
    """Every figure there is, samples in the order of their labels; a fixed number of queries."""

    def collect(self) -> Iterator[Metric]:
        yield from _processes()
        yield from _backlog()
        yield from _external_systems()
        yield from _steps()
        yield from _traffic()
        yield _workers()
        yield _subscriptions()
        paused = engine_status().state != "running"
        yield GaugeMetricFamily("orchestrator_paused", "Whether the engine is paused.", value=int(paused))

    def describe(self) -> Iterator[Metric]:
        """Nothing: asking would cost the queries of a scrape."""
        return iter(())


def _processes() -> Iterator[Metric]:
    found = GaugeMetricFamily(
        "orchestrator_processes", "Processes by run state, status and kind.", labels=("state", "status", "task")
    )
    rows = Process.objects.order_by().values_list("run_state", "status", "is_task").annotate(n=Count("pk"))
    for state, status, is_task, number in sorted(rows):
        found.add_metric((state, status, "yes" if is_task else "no"), number)
    yield found
    yield GaugeMetricFamily(
        "orchestrator_resource_locks", "Resource locks held by processes.", value=ResourceLock.objects.count()
    )


def _backlog() -> Iterator[Metric]:
    found = fleet.backlog()
    yield GaugeMetricFamily("orchestrator_ready_processes", "Processes that are ready to run.", value=found.ready)
    yield GaugeMetricFamily(
        "orchestrator_oldest_ready_seconds",
        "How long the oldest ready process has waited.",
        value=found.oldest_ready_seconds,
    )


def _external_systems() -> Iterator[Metric]:
    found = external_systems.rows()
    figures = (
        ("calls_running", "Calls to an external system in progress.", [one.running for one in found]),
        ("calls_limit", "Concurrency limit of an external system.", [one.max_concurrent for one in found]),
        ("calls_paused", "Whether the circuit breaker is not closed.", [int(not one.is_closed) for one in found]),
        ("waiting", "Waiting processes for an external system.", [one.waiting for one in found]),
    )
    for name, text, numbers in figures:
        metric = GaugeMetricFamily(f"orchestrator_external_system_{name}", text, labels=("system",))
        for one, number in zip(found, numbers, strict=True):
            if number is not None:
                metric.add_metric((one.name,), number)
        yield metric


def _steps() -> Iterator[Metric]:
    committed = Process.objects.aggregate(n=Sum("sequence"))["n"] or 0
    yield CounterMetricFamily("orchestrator_steps_committed", "Steps committed by existing processes.", committed)
    crashed = Step.objects.filter(status=StepStatus.CRASHED).count()
    yield CounterMetricFamily(
        "orchestrator_attempts_crashed", "Attempts lost with their worker and recovered.", crashed
    )


def _traffic() -> Iterator[Metric]:
    owed = Outbox.objects.filter(done_at__isnull=True).aggregate(
        open=Count("pk", filter=Q(dead_at__isnull=True)), dead=Count("pk", filter=Q(dead_at__isnull=False))
    )
    yield GaugeMetricFamily("orchestrator_outbox_open", "Outgoing messages to be delivered.", owed["open"])
    yield GaugeMetricFamily("orchestrator_outbox_dead", "Outgoing messages given up as dead letters.", owed["dead"])
    early = Inbox.objects.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=clock.now()), matched_wait__isnull=True)
    yield GaugeMetricFamily("orchestrator_inbox_open", "Incoming events not matched to a process yet.", early.count())


def _workers() -> Metric:
    found = GaugeMetricFamily("orchestrator_workers", "Registered workers by state.", labels=("state",))
    states = Counter(one.state for one in fleet.workers())
    for state in fleet.WorkerState:
        found.add_metric((state.value,), states[state])
    return found


def _subscriptions() -> Metric:
    found = GaugeMetricFamily(
        "orchestrator_subscriptions",
        "Subscriptions by product, status and health.",
        labels=("product", "status", "insync"),
    )
    rows = Subscription.objects.order_by().values_list("product__name", "status", "insync").annotate(n=Count("pk"))
    for name, status, insync, number in sorted(rows):
        found.add_metric((name, status, "yes" if insync else "no"), number)
    return found
