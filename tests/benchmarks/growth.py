"""Whether step 1 000 costs what step 10 costs, and what a long process takes on the disk, as its state grows or not."""

import statistics
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from django.contrib.auth.models import User
from django.db import connection

from processes import actions, store
from processes.engine.workflow import Workflow
from processes.execution import drive
from processes.models import Process, Step
from tests.benchmarks import stack
from tests.benchmarks.options import Options
from tests.benchmarks.report import Row, plain, ratio_of_medians
from tests.benchmarks.workflows import GROWING, GROWING_FOR, KEEPS_1_KB, KEEPS_100_KB

EARLY = (5, 55)
LATE = (945, 995)
"""Sequence numbers of steps; both lie within one turn of a worker."""
SLICE = 200
MORE = 1.1
SUBJECTS = {"1 KB kept": KEEPS_1_KB, "100 KB kept": KEEPS_100_KB, "1 KB more a step": GROWING}
COPIES = 4
TABLES = ("processes_process", "processes_step", "processes_statesnapshot")


@dataclass(frozen=True)
class Timed:
    """Milliseconds a step took, of a process: those around step 10 and around step 1 000; and of whole turns."""

    early: list[float]
    late: list[float]
    first_turn: float
    last_turn: float


def measure(address: str, options: Options) -> list[Row]:
    operator = stack.an_operator()
    for workflow in SUBJECTS.values():
        _drive(workflow, operator)
    seen: dict[str, list[Timed]] = {name: [] for name in SUBJECTS}
    for _ in range(options.rounds):
        for name, workflow in SUBJECTS.items():
            seen[name].append(_timed(_drive(workflow, operator)))
    return [*(row for name, rounds in seen.items() for row in _rows(name, rounds)), *_storage(operator)]


def _drive(workflow: Workflow, operator: User) -> UUID:
    """Start a process and be its worker until it ends."""
    process = actions.start(workflow.name, [], by=operator)
    while Process.objects.unfinished().filter(pk=process.pk).exists():
        claim = store.claim("bench")
        assert claim is not None
        drive.run_claimed(claim)
    process.refresh_from_db()
    assert process.sequence == len(workflow.plan), process.failed_reason
    return process.pk


def _timed(process_id: UUID) -> Timed:
    steps = Step.objects.filter(process=process_id, sequence__isnull=False).order_by("sequence")
    return times([1000 * one.timestamp() for one in steps.values_list("completed_at", flat=True) if one])


def times(committed: list[float]) -> Timed:
    """Of the moments (milliseconds) at which the steps of a process were committed, by the database's clock.

    A step took as long as lies between its commit and that of the step before.
    """
    took = [after - before for before, after in pairwise(committed)]
    return Timed(
        took[slice(*EARLY)],
        took[slice(*LATE)],
        statistics.mean(took[: SLICE - 1]),
        statistics.mean(took[-SLICE:-1]),
    )


def _rows(name: str, rounds: list[Timed]) -> list[Row]:
    early = [one for timed in rounds for one in timed.early]
    late = [one for timed in rounds for one in timed.late]
    turns = [timed.last_turn for timed in rounds], [timed.first_turn for timed in rounds]
    return [
        Row(
            f"growth: step 1 000 beside step 10, {name}",
            statistics.median(late),
            "ms",
            statistics.median(early),
            ratio_of_medians(late, early),
            at_most=MORE,
        ),
        Row(
            f"growth: a step of 801 to 999 beside 2 to 200, {name}",
            statistics.median(turns[0]),
            "ms",
            statistics.median(turns[1]),
            ratio_of_medians(*turns),
        ),
    ]


def _storage(operator: User) -> list[Row]:
    """Bytes of rows and indexes, what updates have left behind among them."""
    bytes_of = {}
    for count, workflow in GROWING_FOR.items():
        before = _size()
        for _ in range(COPIES):
            _drive(workflow, operator)
        bytes_of[count] = (_size() - before) / COPIES
    per_step = {count: size / count for count, size in bytes_of.items()}
    shortest, *_, longest = per_step
    return [
        *(
            plain(f"growth: stored after {count} steps, 1 KB more each", size / 1024, "KB")
            for count, size in bytes_of.items()
        ),
        Row(
            f"growth: stored a step, {longest} steps beside {shortest}",
            per_step[longest] / 1024,
            "KB",
            per_step[shortest] / 1024,
            per_step[longest] / per_step[shortest],
            at_most=MORE,
        ),
    ]


def _size() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_total_relation_size(one::regclass)) FROM unnest(%s::text[]) AS one", [list(TABLES)]
        )
        return int(cursor.fetchone()[0])
