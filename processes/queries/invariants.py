"""What must hold between the rows of the engine, always; each rule is one question about all processes at once.

`manage.py check_engine` asks them of a site, and the tests ask them after every run.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from uuid import UUID

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q

from processes.access import audit
from processes.engine.plan import AT_END
from processes.engine.values.status import (
    COMMITTED_STATUSES,
    ENDED_STATUSES,
    FAILED_STATUSES,
    ProcessStatus,
    RunState,
    StepStatus,
)
from processes.models import Process, ResourceLock, StateSnapshot, Step
from processes.store.clock import EngineNow

OVERDUE_SECONDS = 60.0
"""A lease that ran out longer ago than this has been seen by nobody."""


@dataclass(frozen=True)
class Violation:
    """A rule that is broken: its number, the process (None for the whole), and what was found."""

    rule: str
    process_id: UUID | None
    found: str

    def __str__(self) -> str:
        return f"{self.rule} {self.process_id or ''}: {self.found}"


Rule = Callable[[], Iterator[Violation]]


def violations() -> list[Violation]:
    """Every rule that is broken; empty when none is."""
    return [found for rule in RULES for found in rule()]


def i1_can_go_on() -> Iterator[Violation]:
    """Whatever has not ended is ready, runs under a lease, or waits for somebody who knows."""
    lost = Q(run_state=RunState.RUNNING) & (
        Q(lease_expires_at__isnull=True) | Q(lease_expires_at__lt=EngineNow(-OVERDUE_SECONDS))
    )
    asks = Exists(
        Step.objects.filter(process=OuterRef("pk"), path=OuterRef("position_path"), status=StepStatus.SUSPEND)
    )
    knows = (
        Q(status__in=FAILED_STATUSES)
        | Q(status=ProcessStatus.AWAITING_CALLBACK)
        | (Q(status=ProcessStatus.SUSPENDED) & asks)
    )
    mute = Q(run_state=RunState.STOPPED) & ~knows
    for process_id, run_state, status in Process.objects.filter(lost | mute).values_list("pk", "run_state", "status"):
        yield Violation("I1", process_id, f"{run_state} and {status}, but nothing will continue it")


def i2_steps_follow_the_plan() -> Iterator[Violation]:
    """Committed steps are numbered from 1 without gaps, and lie in the order of the plan."""
    counted = Process.objects.annotate(
        committed=Count("steps", filter=Q(steps__status__in=COMMITTED_STATUSES)),
        lowest=Min("steps__sequence"),
        highest=Max("steps__sequence"),
    )
    holes = counted.exclude(committed=0, sequence=0).exclude(lowest=1, highest=F("sequence"), committed=F("sequence"))
    for process_id, sequence, committed in holes.values_list("pk", "sequence", "committed"):
        yield Violation("I2", process_id, f"{committed} committed steps, but the process counts {sequence}")


def i2_no_number_without_commit() -> Iterator[Violation]:
    """Only committed steps have a number, and each has one."""
    wrong = Step.objects.filter(
        Q(status__in=COMMITTED_STATUSES, sequence__isnull=True)
        | (Q(sequence__isnull=False) & ~Q(status__in=COMMITTED_STATUSES))
    )
    for process_id, path, status in wrong.values_list("process_id", "path", "status"):
        yield Violation("I2", process_id, f"the step {path} is {status}, which does not match its sequence number")


def i3_snapshot_is_not_ahead() -> Iterator[Violation]:
    """Each process has a snapshot, of a state that it has reached."""
    ahead = StateSnapshot.objects.filter(sequence__gt=F("process__sequence")).values_list("process_id", flat=True)
    for process_id in ahead:
        yield Violation("I3", process_id, "its snapshot is newer than its last committed step")
    for process_id in Process.objects.filter(snapshot__isnull=True).values_list("pk", flat=True):
        yield Violation("I3", process_id, "it has no snapshot")


def i5_fences_only_grow() -> Iterator[Violation]:
    """No row carries a fence that its process has not reached, and a crashed try has committed nothing."""
    ahead = Step.objects.filter(fence__gt=F("process__fence")).values_list("process_id", "path")
    for process_id, path in ahead:
        yield Violation("I5", process_id, f"the step {path} has a fence above that of its process")
    crashed = Step.objects.filter(
        process=OuterRef("process"), status=StepStatus.CRASHED, fence=OuterRef("fence"), attempt=OuterRef("attempt"),
        path=OuterRef("path"), visit=OuterRef("visit"),
    )  # fmt: skip
    twice = Step.objects.filter(Exists(crashed), status__in=COMMITTED_STATUSES).values_list("process_id", "path")
    for process_id, path in twice:
        yield Violation("I5", process_id, f"a crashed attempt of {path} has committed")


def i6_ended_is_ended() -> Iterator[Violation]:
    """An ended process has no lease, no lock and no step after its end."""
    late = Step.objects.filter(process__run_state=RunState.ENDED, completed_at__gt=F("process__ended_at")).values_list(
        "process_id", "path"
    )
    for process_id, path in late:
        yield Violation("I6", process_id, f"the step {path} was written after the end of the process of the process")
    ended = Q(run_state=RunState.ENDED)
    told = Q(status__in=ENDED_STATUSES)
    wrong = Process.objects.filter((ended & ~told) | (told & ~ended) | (ended & ~Q(leased_by="")))
    for process_id, run_state, status in wrong.values_list("pk", "run_state", "status"):
        yield Violation("I6", process_id, f"{run_state} and {status} do not match, or it is still leased")


def i6_completed_is_complete() -> Iterator[Violation]:
    """A completed process stands at the end."""
    short = Process.objects.filter(status=ProcessStatus.COMPLETED).exclude(position_path=AT_END)
    for process_id, path in short.values_list("pk", "position_path"):
        yield Violation("I6", process_id, f"completed, but its position is {path}")


def i8_holders_live() -> Iterator[Violation]:
    """A lock is held by a process that has neither ended nor failed, and by all that say they need it."""
    dead = Q(process__run_state=RunState.ENDED) | Q(process__status__in=FAILED_STATUSES)
    for process_id, resource in ResourceLock.objects.filter(dead).values_list("process_id", "resource"):
        yield Violation("I8", process_id, f"has stopped, but still holds the lock on {resource}")
    needy = Process.objects.unfinished().exclude(lock_keys=[]).exclude(status__in=FAILED_STATUSES)
    held = set(ResourceLock.objects.values_list("process_id", "resource"))
    for process_id, keys in needy.values_list("pk", "lock_keys"):
        missing = [key for key in keys if (process_id, key) not in held]
        if missing:
            yield Violation("I8", process_id, f"is unfinished, but lacks the lock on {', '.join(missing)}")


def i10_tries_are_counted() -> Iterator[Violation]:
    """The tries of a step are numbered from 1 without gaps."""
    rows = Step.objects.exclude(path=AT_END).order_by("process_id", "path", "visit", "attempt")
    keyed = rows.values_list("process_id", "path", "visit", "attempt").iterator()
    for (process_id, path, _), group in groupby(keyed, key=itemgetter(0, 1, 2)):
        numbers = [row[3] for row in group]
        if numbers != list(range(1, len(numbers) + 1)):
            yield Violation("I10", process_id, f"the attempts of {path} are numbered {numbers}")


def i12_audit_holds() -> Iterator[Violation]:
    """No audit row is missing or changed."""
    for broken in audit.verify():
        yield Violation("I12", None, f"the audit row {broken} does not match the hash of the row before it")


RULES: tuple[Rule, ...] = (
    i1_can_go_on,
    i2_steps_follow_the_plan,
    i2_no_number_without_commit,
    i3_snapshot_is_not_ahead,
    i5_fences_only_grow,
    i6_ended_is_ended,
    i6_completed_is_complete,
    i8_holders_live,
    i10_tries_are_counted,
    i12_audit_holds,
)
