"""Whether step 1 000 costs what step 10 costs, and what a long process takes on the disk, as its state grows or not."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from django.contrib.auth.models import User
from django.db import connection

from tests.benchmarks import budgets, floor
from tests.benchmarks.accounts import NAME
from tests.benchmarks.bench import Bench
from tests.benchmarks.databases import EMPTY
from tests.benchmarks.internals import Process, Step, Workflow, processes, run_claimed, store
from tests.benchmarks.report import Row, plain
from tests.benchmarks.workflows import GROWING, GROWING_FOR, KEEPS_1_KB, KEEPS_100_KB, STEPS

EARLY = (5, 55)
LATE = (945, 995)
"""Sequence numbers of steps; both lie within one turn of a worker."""
SLICE = 200
SUBJECTS = {"1 KB kept": KEEPS_1_KB, "100 KB kept": KEEPS_100_KB, "1 KB more a step": GROWING}
COPIES = 4
FLOOR_PROCESSES = 30
TABLES = ("processes_process", "processes_step", "processes_statesnapshot")


@dataclass(frozen=True)
class Timed:
    """Milliseconds a step took, of a process: those around step 10 and around step 1 000; and of whole turns."""

    early: list[float]
    late: list[float]
    first_turn: float
    last_turn: float


def measure(bench: Bench) -> list[Row]:
    operator = User.objects.get(username=NAME)
    address = bench.address(EMPTY)
    for workflow in SUBJECTS.values():
        _drive(workflow, operator)
    seen: dict[str, list[Timed]] = {name: [] for name in SUBJECTS}
    rounds, floors = bench.rounds(), []
    for _ in rounds:
        floors.append(1000 / floor.one_connection(address, FLOOR_PROCESSES, STEPS))
        for name, workflow in SUBJECTS.items():
            seen[name].append(_timed(_drive(workflow, operator)))
    rows = [row for name, timed in seen.items() for row in _rows(name, timed, floors, rounds.quiet)]
    return [*rows, *_storage(operator)]


def _drive(workflow: Workflow, operator: User) -> UUID:
    """Start a process and be its worker until it ends."""
    process = processes.start(workflow.name, [], by=operator)
    while Process.objects.unfinished().filter(pk=process.pk).exists():
        claim = store.claim("bench")
        assert claim is not None
        run_claimed(claim)
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


def _rows(name: str, seen: Sequence[Timed], floors: Sequence[float], quiet: tuple[bool, ...]) -> list[Row]:
    early, late = (
        tuple(map(statistics.median, values)) for values in ([t.early for t in seen], [t.late for t in seen])
    )
    first, last = tuple(one.first_turn for one in seen), tuple(one.last_turn for one in seen)
    return [
        Row(f"steps: step 1 000, {name}", "ms", late, early, "step 10", budgets.STEP_1000, quiet),
        Row(f"steps: a step of 801 to 999, {name}", "ms", last, first, "2 to 200", None, quiet),
        Row(f"steps: step 10, {name}", "ms", early, tuple(floors), "psycopg", None, quiet),
    ]


def _storage(operator: User) -> list[Row]:
    """Bytes of rows and indexes, what updates have left behind among them."""
    bytes_of = {}
    for count, workflow in GROWING_FOR.items():
        before = _size()
        for _ in range(COPIES):
            _drive(workflow, operator)
        bytes_of[count] = (_size() - before) / COPIES
    a_step = {count: size / count / 1024 for count, size in bytes_of.items()}
    shortest, *_, longest = a_step
    told = [
        plain(f"steps: stored after {count} steps, 1 KB more each", "KB", [size / 1024])
        for count, size in bytes_of.items()
    ]
    linear = Row(
        f"steps: stored a step, {longest} steps",
        "KB",
        (a_step[longest],),
        (a_step[shortest],),
        f"{shortest} steps",
        budgets.STORED_A_STEP,
    )
    return [*told, linear]


def _size() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_total_relation_size(one::regclass)) FROM unnest(%s::text[]) AS one", [list(TABLES)]
        )
        return int(cursor.fetchone()[0])
