"""External systems as plain rows for pages, REST and metrics: how many calls run, who waits, and why none may begin."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from processes.engine.values.status import RunState
from processes.models import ExternalSystem, Process, SystemSlot
from processes.store.clock import EngineNow

EARLIEST, LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(9998, 12, 31, tzinfo=UTC)


class SystemState(StrEnum):
    """The state of its circuit breaker (half-open: one call at a time), or that a person has stopped its calls."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"
    STOPPED = "stopped"


@dataclass(frozen=True)
class SystemRow:
    """An external system: its calls that run, the most there may be (None: any number), and processes that wait for it.

    `failures` happened in a row, the last one was `last_failure`; `since` is when it was no longer closed. `has_room`
    says whether one more call may run, whoever makes the others.
    """

    name: str
    state: SystemState
    running: int
    max_concurrent: int | None
    waiting: int
    failures: int
    failure_threshold: int | None
    cool_down_seconds: float
    since: datetime | None
    half_open_at: datetime | None
    stopped_by: str
    last_failure: str
    last_failed_at: datetime | None
    has_room: bool = True

    @property
    def is_closed(self) -> bool:
        """Whether calls may begin, up to the concurrency limit: its breaker is closed, and nobody stopped them."""
        return self.state is SystemState.CLOSED

    @property
    def is_open(self) -> bool:
        """Whether its circuit breaker is open: no call may begin until `half_open_at`."""
        return self.state is SystemState.OPEN

    @property
    def is_full(self) -> bool:
        """Whether only the concurrency limit keeps a call from beginning."""
        return self.is_closed and not self.has_room

    @property
    def words(self) -> str:
        """How it is, in a sentence without a full stop."""
        row = f"{self.failures} consecutive failure{'' if self.failures == 1 else 's'}"
        match self.state:
            case SystemState.STOPPED:
                return f"Calls were stopped by {self.stopped_by}"
            case SystemState.OPEN:
                assert self.half_open_at is not None
                return f"Calls to {self.name} are paused until {timezone.localtime(self.half_open_at):%H:%M:%S} ({row})"
            case SystemState.HALF_OPEN:
                return f"Testing recovery of {self.name}: one call at a time ({row})"
            case _:
                return f"{self._calls} running"

    @property
    def _calls(self) -> str:
        if self.max_concurrent is None:
            return "1 call is" if self.running == 1 else f"{self.running} calls are"
        return f"{self.running} of {self.max_concurrent} call{' is' if self.max_concurrent == 1 else 's are'}"


def rows(among: QuerySet[Process] | None = None) -> list[SystemRow]:
    """Every external system by name, in one query; of these processes alone it tells how many call and wait."""
    return [_row(one) for one in _counted(ExternalSystem.objects.all(), among)]


def row(name: str, among: QuerySet[Process] | None = None) -> SystemRow | None:
    """One of them, or None when nobody has called it yet."""
    return next((_row(one) for one in _counted(ExternalSystem.objects.filter(name=name), among)), None)


def _counted(systems: QuerySet[ExternalSystem], among: QuerySet[Process] | None) -> QuerySet[Any]:
    busy = SystemSlot.objects.busy().filter(system=OuterRef("pk")).order_by().values("system")
    running = busy if among is None else busy.filter(process_id__in=among.order_by().values("pk"))
    processes = Process.objects.all() if among is None else among
    waiting = (
        processes.filter(run_state=RunState.READY, blocked_by_system=OuterRef("name"))
        .order_by()
        .values("blocked_by_system")
    )
    counts = {"running": _count(running), "waiting": _count(waiting)}
    return systems.annotate(now=EngineNow(), busy=counts["running"] if among is None else _count(busy), **counts)


def _count(grouped: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(grouped.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def _row(found: Any) -> SystemRow:
    return SystemRow(
        name=found.name,
        state=_state(found),
        running=found.running,
        max_concurrent=found.max_concurrent,
        waiting=found.waiting,
        failures=found.failures,
        failure_threshold=found.failure_threshold,
        cool_down_seconds=found.cool_down_seconds,
        since=bounded(found.stopped_at or found.opened_at),
        half_open_at=bounded(found.half_open_at),
        stopped_by=found.stopped_by,
        last_failure=found.last_failure,
        last_failed_at=bounded(found.last_failed_at),
        has_room=found.max_concurrent is None or found.busy < found.max_concurrent,
    )


def bounded(moment: datetime | None) -> datetime | None:
    """The moment, or the nearest that can be shown in every zone: no page depends on a row being right."""
    return None if moment is None else min(max(moment, EARLIEST), LATEST)


def _state(found: Any) -> SystemState:
    if found.stopped_at is not None:
        return SystemState.STOPPED
    if found.half_open_at is not None:
        return SystemState.OPEN if found.half_open_at > found.now else SystemState.HALF_OPEN
    return SystemState.CLOSED
