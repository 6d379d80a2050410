"""Reading at 50 000 subscriptions and 10 000 processes: REST by eight clients, pages by one person.

Each figure stands beside the endpoint that does nothing, and beside one that reads the same rows by hand-written SQL.
"""

from collections.abc import Mapping, Sequence
from uuid import uuid4

from tests.benchmarks import budgets, stack
from tests.benchmarks.bench import Bench
from tests.benchmarks.databases import LARGE
from tests.benchmarks.report import Budget, Row, percentile, plain
from tests.benchmarks.stack import Stack

CLIENTS = 8
TREES = 200
"""Subscriptions and processes that are asked for in turn."""
EMPTY = "/api/floor/empty"
LIST = "/api/subscriptions/?status=active&range=0,25"
PROCESSES = "/api/processes/?status=completed&range=0,25"
HAND_WRITTEN = {
    LIST: "/api/floor/subscriptions?status=active",
    PROCESSES: "/api/floor/processes?status=completed",
}
_ACTIVE = """
SELECT id FROM subscriptions_subscription WHERE status = 'active' AND insync ORDER BY md5(id::text) LIMIT %s
"""
_TWENTY_STEPS = "SELECT id FROM processes_process WHERE workflow_name = 'do_nothing_twenty_times' LIMIT %s"


def measure(bench: Bench) -> list[Row]:
    rounds = bench.rounds()
    with stack.running(bench.address(LARGE)) as site:
        paths, pages = rest_paths(site), page_paths(site)
        seen = [_round(site, paths, pages, bench.options.seconds) for _ in rounds]
    figures = {name: tuple(one[name] for one in seen) for name in seen[0]}
    return [*_rest_rows(figures, rounds.quiet), *_page_rows(figures, rounds.quiet)]


def rest_paths(site: Stack) -> dict[str, list[str]]:
    """What is asked for by name, the floors among it."""
    ids = active_ids(site, TREES)
    return {
        "empty": [EMPTY],
        "health": ["/api/health/"],
        "list by hand": [HAND_WRITTEN[LIST]],
        "list": [LIST],
        "tree by hand": [f"/api/floor/subscription/{one}" for one in ids],
        "tree": [f"/api/subscriptions/domain-model/{one}" for one in ids],
        "processes by hand": [HAND_WRITTEN[PROCESSES]],
        "processes": [PROCESSES],
    }


def page_paths(site: Stack) -> dict[str, list[str]]:
    """Pages that people open, by name; 25 rows or 20 steps each."""
    ids = active_ids(site, TREES)
    processes = [str(one) for (one,) in site.rows(_TWENTY_STEPS, TREES)]
    return {
        "page: subscriptions": ["/subscriptions/"],
        "page: a subscription": [f"/subscriptions/{one}/" for one in ids],
        "page: processes": ["/processes/"],
        "page: a process of 20 steps": [f"/processes/{one}/" for one in processes],
        "page: start page": ["/"],
        "page: start form": [start_form(one) for one in ids],
    }


def active_ids(site: Stack, count: int) -> list[str]:
    """Subscriptions in use, from all over the table."""
    return [str(one) for (one,) in site.rows(_ACTIVE, count)]


def start_form(subscription_id: str) -> str:
    """The first page that the author of `modify_note` asks, opened from the page of a subscription."""
    return f"/workflows/modify_note/start/{uuid4()}/1/?subscription_id={subscription_id}"


def _round(
    site: Stack, paths: Mapping[str, Sequence[str]], pages: Mapping[str, Sequence[str]], seconds: float
) -> dict[str, float]:
    """Answers a second over REST, milliseconds of the median page."""
    rest = {name: site.read(*some, clients=CLIENTS, seconds=seconds).a_second for name, some in paths.items()}
    empty = site.read(EMPTY, seconds=seconds / 4)
    html = {
        name: percentile(site.open(*some, seconds=seconds / 2, answers=10).milliseconds, 50)
        for name, some in pages.items()
    }
    return {**rest, "empty, alone": percentile(empty.milliseconds, 50), **html}


def _rest_rows(figures: Mapping[str, tuple[float, ...]], quiet: tuple[bool, ...]) -> list[Row]:
    empty = figures["empty"]

    def rows(name: str, title: str, must: Budget) -> list[Row]:
        by_hand = figures[f"{name} by hand"]
        return [
            Row(f"reads: {title}", "/s", figures[name], empty, "empty", must, quiet),
            Row("reads: the same beside hand-written SQL", "/s", figures[name], by_hand, "SQL", None, quiet),
        ]

    return [
        plain("reads: floor, an empty endpoint, 8 clients", "/s", empty, quiet),
        Row("reads: health beside an empty endpoint", "/s", figures["health"], empty, "empty", None, quiet),
        *rows("list", "list, 25 of 50 000, filtered and counted", budgets.LIST),
        *rows("tree", "one whole subscription", budgets.TREE),
        *rows("processes", "list of processes, filtered and counted", budgets.PROCESSES),
    ]


def _page_rows(figures: Mapping[str, tuple[float, ...]], quiet: tuple[bool, ...]) -> list[Row]:
    alone = figures["empty, alone"]
    return [
        plain("reads: floor, an empty endpoint, one client", "ms", alone, quiet),
        *(
            Row(name, "ms", values, budget=budgets.PAGES.get(name), quiet=quiet)
            for name, values in figures.items()
            if name.startswith("page: ")
        ),
    ]
