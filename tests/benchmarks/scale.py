"""Whether anything costs more at a million subscriptions than at a thousand: three sites at once, asked in turn."""

import json
import subprocess
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from statistics import median

from tests.benchmarks import budgets, change, machine, stack
from tests.benchmarks.bench import Bench
from tests.benchmarks.databases import HUGE, LARGE, SMALL, Size
from tests.benchmarks.reads import LIST, active_ids, start_form
from tests.benchmarks.report import Row, percentile, plain
from tests.benchmarks.stack import Stack

CHANGES = 20
"""Processes in a round, one step each."""
_STEP = """
SELECT extract(epoch FROM completed_at - started_at) * 1000 FROM processes_step
WHERE name = 'Update note' AND status = 'success' ORDER BY id DESC LIMIT %s
"""


def measure(bench: Bench) -> list[Row]:
    addresses = {size: bench.address(size) for size in (SMALL, LARGE, HUGE)}
    rounds = bench.rounds()
    seen: dict[Size, list[dict[str, float]]] = {size: [] for size in addresses}
    with ExitStack() as opened:
        sites = {size: opened.enter_context(stack.running(one, workers=1)) for size, one in addresses.items()}
        ids = {size: active_ids(site, 200) for size, site in sites.items()}
        for _ in rounds:
            for size, site in sites.items():
                seen[size].append(_round(site, ids[size], bench.options.seconds / 2))
    rows = [row for size in (LARGE, HUGE) for row in _rows(size, seen[size], seen[SMALL], rounds.quiet)]
    return [*rows, *_plan_rows(addresses[HUGE])]


def _round(site: Stack, ids: list[str], seconds: float) -> dict[str, float]:
    """Milliseconds of each, one caller at a time."""
    trees = [f"/api/subscriptions/domain-model/{one}" for one in ids]
    forms = [start_form(one) for one in ids]
    waits = {
        "list, filtered and counted": site.read(LIST, seconds=seconds, answers=10),
        "one whole subscription": site.read(*trees, seconds=seconds, answers=10),
        "start form": site.open(*forms, seconds=seconds, answers=10),
        "page of subscriptions": site.open("/subscriptions/", seconds=seconds, answers=10),
        "page of a subscription": site.open(*(f"/subscriptions/{one}/" for one in ids), seconds=seconds, answers=10),
        "start page": site.open("/", seconds=seconds, answers=10),
    }
    change.drive(site, ids[:CHANGES])
    step = median(float(took) for (took,) in site.rows(_STEP, CHANGES))
    return {**{name: percentile(load.milliseconds, 50) for name, load in waits.items()}, "a step that saves one": step}


def _rows(
    size: Size, ours: list[dict[str, float]], small: list[dict[str, float]], quiet: tuple[bool, ...]
) -> list[Row]:
    of = f"{size.subscriptions:,}".replace(",", " ")
    return [
        Row(
            f"scale: {name} at {of}",
            "ms",
            tuple(one[name] for one in ours),
            tuple(one[name] for one in small),
            "at 1 000",
            budgets.SCALE,
            quiet,
        )
        for name in ours[0]
    ]


def _plan_rows(address: str) -> list[Row]:
    """For each page the table of which a plan reads most, as EXPLAIN tells."""
    command = [sys.executable, "-m", "tests.benchmarks.plans"]
    with machine.folder() as data:
        environment = machine.environment(address, data)
        told = subprocess.run(command, cwd=machine.ROOT, env=environment, check=True, stdout=subprocess.PIPE).stdout
    greediest: Mapping[str, tuple[str, float]] = json.loads(told)
    return [
        Row(f"scale: most rows read, {name} ({table.partition('_')[2]})", "rows", (read,), budget=budgets.ROWS_READ)
        for name, (table, read) in greediest.items()
    ] or [plain("scale: no statement was seen", "", [0])]
