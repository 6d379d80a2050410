"""A workflow that saves one subscription, at 50 000 of them: over HTTP, from the first POST to the last completed."""

from tests.benchmarks import budgets, http, stack
from tests.benchmarks.bench import Bench
from tests.benchmarks.databases import LARGE
from tests.benchmarks.reads import EMPTY, active_ids
from tests.benchmarks.report import Row, percentile, plain
from tests.benchmarks.stack import Stack

CHANGES = 100
"""In a round, each of another subscription."""


def measure(bench: Bench) -> list[Row]:
    rounds = bench.rounds()
    with stack.running(bench.address(LARGE)) as site:
        ids = active_ids(site, CHANGES * (bench.options.rounds + 1))
        drive(site, ids[:CHANGES])
        seen = [_round(site, ids[CHANGES * (number + 1) :][:CHANGES]) for number in rounds]
    empty, changes, waits = zip(*seen, strict=True)
    return [
        Row("change: processes that save a subscription", "/s", changes, empty, "empty", budgets.CHANGE, rounds.quiet),
        plain("change: POST under this load, p50", "ms", waits, rounds.quiet),
    ]


def drive(site: Stack, ids: list[str]) -> http.Load:
    """Note something at each of these subscriptions."""
    pages = [[{"subscription_id": one}, {"note": f"Noted at {number}"}] for number, one in enumerate(ids)]
    return http.drive(site, len(ids), "modify_note", steps=1, pages=pages)


def _round(site: Stack, ids: list[str]) -> tuple[float, float, float]:
    empty = site.read(EMPTY, clients=http.CLIENTS, seconds=1).a_second
    load = drive(site, ids)
    return empty, load.processes_a_second, percentile((1000 * one for one in load.waits), 50)
