"""External systems as plain rows for pages, REST and metrics: how many calls run, who waits, and why none may begin."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from processes.engine.values.status import RunState
from processes.models import OutsideSystem, Process, SystemSlot
from processes.store.clock import EngineNow


class SystemState(StrEnum):
    """Whether a call may begin now. One that is `tried` has rested: one call at a time finds out how it is."""

    FREE = "free"
    FULL = "full"
    RESTS = "rests"
    TRIED = "tried"
    STOPPED = "stopped"


@dataclass(frozen=True)
class SystemRow:
    """An external system: its calls that run, the most there may be (None: any number), and processes that wait for it.

    `failures` happened in a row, the last one was `last_failure`; `since` is when it was no longer called freely.
    """

    name: str
    state: SystemState
    running: int
    at_once: int | None
    waiting: int
    failures: int
    trips_after: int | None
    rests_seconds: float
    since: datetime | None
    open_until: datetime | None
    stopped_by: str
    last_failure: str
    last_failed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it is not called freely: it rests, is tried, or a person has stopped it."""
        return self.state in {SystemState.RESTS, SystemState.TRIED, SystemState.STOPPED}

    @property
    def words(self) -> str:
        """How it is, in a sentence without a full stop."""
        row = f"{self.failures} consecutive failure{'' if self.failures == 1 else 's'}"
        match self.state:
            case SystemState.STOPPED:
                return f"Calls were stopped by {self.stopped_by}"
            case SystemState.RESTS:
                assert self.open_until is not None
                return f"Calls to {self.name} are paused until {timezone.localtime(self.open_until):%H:%M:%S} ({row})"
            case SystemState.TRIED:
                return f"Testing recovery of {self.name}: one call at a time ({row})"
            case _:
                return f"{self._calls} running"

    @property
    def _calls(self) -> str:
        if self.at_once is None:
            return "1 call is" if self.running == 1 else f"{self.running} calls are"
        return f"{self.running} of {self.at_once} call{' is' if self.at_once == 1 else 's are'}"


def rows() -> list[SystemRow]:
    """Every external system by name, in one query."""
    return [_row(one) for one in _counted(OutsideSystem.objects.all())]


def row(name: str) -> SystemRow | None:
    """One of them, or None when nobody has called it yet."""
    return next((_row(one) for one in _counted(OutsideSystem.objects.filter(name=name))), None)


def _counted(systems: QuerySet[OutsideSystem]) -> QuerySet[Any]:
    busy = SystemSlot.objects.busy().filter(system=OuterRef("pk")).order_by().values("system")
    waiting = (
        Process.objects.filter(run_state=RunState.READY, blocked_by_system=OuterRef("name"))
        .order_by()
        .values("blocked_by_system")
    )
    return systems.annotate(now=EngineNow(), running=_count(busy), waiting=_count(waiting))


def _count(grouped: QuerySet[Any, Any]) -> Coalesce:
    return Coalesce(Subquery(grouped.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def _row(found: Any) -> SystemRow:
    return SystemRow(
        name=found.name,
        state=_state(found),
        running=found.running,
        at_once=found.at_once,
        waiting=found.waiting,
        failures=found.failures,
        trips_after=found.trips_after,
        rests_seconds=found.rests_seconds,
        since=found.stopped_at or found.opened_at,
        open_until=found.open_until,
        stopped_by=found.stopped_by,
        last_failure=found.last_failure,
        last_failed_at=found.last_failed_at,
    )


def _state(found: Any) -> SystemState:
    if found.stopped_at is not None:
        return SystemState.STOPPED
    if found.open_until is not None:
        return SystemState.RESTS if found.open_until > found.now else SystemState.TRIED
    is_full = found.at_once is not None and found.running >= found.at_once
    return SystemState.FULL if is_full else SystemState.FREE
