"""Ours and orchestrator-core on one server, asked the same in turn; what it is of our floors is told as well."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from statistics import median
from urllib.parse import urlsplit

import psycopg

from tests.benchmarks import floor, http, latency, machine, reads, stack
from tests.benchmarks.bench import Bench
from tests.benchmarks.client import Client
from tests.benchmarks.databases import LARGE, Databases
from tests.benchmarks.peer.install import environment, install, make_tables
from tests.benchmarks.peer.server import with_contrib
from tests.benchmarks.report import Budget, Row, percentile
from tests.benchmarks.site import Site
from tests.benchmarks.stack import Stack
from tests.benchmarks.workflows import STEPS

WARM_UP = 12
"""Processes; the first one imports litellm."""
PROCESSES = 40
CHANGES = 40
TRIES = 8
START_SECONDS = 60
NOTHING = "do_nothing_twenty_times"


@dataclass(frozen=True)
class Peer(Site):
    """orchestrator-core 5.5: one uvicorn process, threads; no sign-in."""

    UNFINISHED = "SELECT count(*) FROM processes WHERE last_status IN ('created', 'running', 'resumed', 'waiting')"
    OUTCOME = """
    SELECT count(*), max(last_modified_at), (SELECT count(*) FROM process_steps WHERE pid = ANY(%s::uuid[]))
    FROM processes WHERE pid = ANY(%s::uuid[]) AND last_status = 'completed'
    """
    IS_COMPLETED = "SELECT 1 FROM processes WHERE pid = %s AND last_status = 'completed'"

    def client(self) -> Client:
        return Client(self.port)


@dataclass(frozen=True)
class Figures:
    """Of one site in one round, a second; `latency` in milliseconds."""

    list: float
    tree: float
    processes: float
    steps: float
    starts: float
    changes: float
    latency: float


@dataclass(frozen=True)
class Round:
    """Both sites and our floors: steps a second of pgbench, and answers a second and milliseconds of nothing."""

    ours: Figures
    peer: Figures
    pgbench: float
    empty: float
    empty_ms: float


BUDGETS = {
    "list": Budget(6, 12),
    "tree": Budget(5, 8),
    "processes": Budget(2.5, 5),
    "steps": Budget(12, 25),
    "starts": Budget(3, 8),
    "changes": Budget(8, 15),
    "latency": Budget(0.2, 0.1, is_least=False),
}
"""Ours as so many times the peer's."""
TITLES = {
    "list": "list, 25 of 50 000, filtered and counted",
    "tree": "one whole subscription",
    "processes": "list of processes, filtered and counted",
    "steps": "step rows, 20 steps a process",
    "starts": "starts while steps run",
    "changes": "processes that change a note",
    "latency": "POST to completed, 20 steps",
}


def measure(bench: Bench) -> list[Row]:
    """Each round asks ours, the peer, and our floors."""
    rounds = bench.rounds()
    with machine.folder() as folder, with_contrib(bench.databases.server) as server:
        python = install(folder)
        databases = Databases(server)
        address = _database(server)
        make_tables(python, folder, address)
        with stack.running(databases.address(LARGE)) as ours, running(python, folder, address) as peer:
            asked = _asked_of_ours(ours), _asked_of_peer(peer)
            seen = [_round(ours, peer, asked, bench, number) for number in rounds]
        databases.drop_all()
    return list(_rows(seen, rounds.quiet))


@contextmanager
def running(python: Path, folder: Path, address: str) -> Iterator[Peer]:
    """The peer as it is documented, warm."""
    port = stack.free_port()
    command = [str(python), "-m", "uvicorn", "--host", "127.0.0.1", "--port", str(port), "main:app"]
    with (folder / "peer.log").open("ab") as log:
        program = subprocess.Popen(command, cwd=folder, env=environment(address), stdout=log, stderr=log)
    try:
        peer = Peer(address, port)
        machine.wait_for(lambda: _answers(peer), START_SECONDS, "the start of the peer")
        for _ in range(WARM_UP):
            with peer.client() as client:
                client.start(NOTHING)
        machine.wait_for(lambda: not peer.unfinished(), START_SECONDS, "the warm-up of the peer")
        yield peer
    finally:
        program.terminate()
        program.wait(START_SECONDS)


def _answers(peer: Peer) -> bool:
    try:
        with peer.client() as client:
            return client.get("/api/health/").status == 200
    except OSError:
        return False


def _database(server: str) -> str:
    """A new one, of the peer's own."""
    name = f"peer_{token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as raw:
        raw.execute(f"CREATE DATABASE {name}".encode())
    return urlsplit(server)._replace(path=f"/{name}").geturl()


@dataclass(frozen=True)
class Asked:
    """What one site is asked: addresses, and subscriptions to note something at."""

    list: str
    trees: Sequence[str]
    processes: str
    to_change: Sequence[str]
    step_rows: int
    """That a process of 20 steps and one that changes a note leave behind."""
    change_rows: int


def _asked_of_ours(ours: Stack) -> Asked:
    ids = reads.active_ids(ours, 2_000)
    trees = [f"/api/subscriptions/domain-model/{one}" for one in ids[:200]]
    return Asked(reads.LIST, trees, reads.PROCESSES, ids, STEPS, 1)


def _asked_of_peer(peer: Peer) -> Asked:
    """It writes a row for the start and the end of a process too."""
    rows = peer.rows("SELECT subscription_id FROM subscriptions WHERE status = 'active' AND insync LIMIT 2000")
    ids = [str(one) for (one,) in rows]
    trees = [f"/api/subscriptions/domain-model/{one}" for one in ids[:200]]
    listed = "/api/subscriptions/search?query=status:active&range=0,25"
    return Asked(listed, trees, "/api/processes/?range=0,25&filter=lastStatus,completed", ids, STEPS + 2, 4)


def _round(ours: Stack, peer: Peer, asked: tuple[Asked, Asked], bench: Bench, number: int) -> Round:
    pgbench = floor.pgbench(ours.address, clients=2)
    empty = ours.read(reads.EMPTY, clients=http.CLIENTS, seconds=bench.options.seconds)
    alone = percentile(ours.read(reads.EMPTY, seconds=0.5).milliseconds, 50)
    our_figures = _figures(ours, asked[0], bench.options.seconds, number)
    its_figures = _figures(peer, asked[1], bench.options.seconds, number)
    return Round(our_figures, its_figures, pgbench, empty.a_second, alone)


def _figures(site: Site, asked: Asked, seconds: float, number: int) -> Figures:
    def a_second(*paths: str) -> float:
        return site.read(*paths, clients=http.CLIENTS, seconds=seconds).a_second

    steps = http.drive(site, PROCESSES, NOTHING, steps=asked.step_rows)
    ids = asked.to_change[CHANGES * number :][:CHANGES]
    pages = [[{"subscription_id": one}, {"note": f"Noted in round {number}"}] for one in ids]
    changes = http.drive(site, CHANGES, "modify_note", steps=asked.change_rows, pages=pages)
    return Figures(
        list=a_second(asked.list),
        tree=a_second(*asked.trees),
        processes=a_second(asked.processes),
        steps=steps.processes_a_second * asked.step_rows,
        starts=steps.starts_a_second,
        changes=changes.processes_a_second,
        latency=median(latency.single(site, NOTHING)[1] for _ in range(TRIES)),
    )


def _rows(seen: Sequence[Round], quiet: tuple[bool, ...]) -> Iterator[Row]:
    """Ours beside the peer, and the peer beside our floors, from which the budgets of the other parts are made."""
    for name, title in TITLES.items():
        ours, peer = (tuple(getattr(one, name) for one in sites) for sites in _columns(seen))
        unit = "ms" if name == "latency" else "/s"
        yield Row(f"peer: {title}", unit, ours, peer, "peer", BUDGETS[name], quiet)
    for name, title in TITLES.items():
        floors, which = _floors(seen, name)
        peer = tuple(getattr(one.peer, name) for one in seen)
        yield Row(f"peer: its {title}", "ms" if name == "latency" else "/s", peer, floors, which, None, quiet)


def _columns(seen: Sequence[Round]) -> tuple[list[Figures], list[Figures]]:
    return [one.ours for one in seen], [one.peer for one in seen]


def _floors(seen: Sequence[Round], name: str) -> tuple[tuple[float, ...], str]:
    """The floor that a figure is held against in the other parts, and its name."""
    match name:
        case "steps":
            return tuple(one.pgbench for one in seen), "pgbench 2"
        case "latency":
            return tuple(one.empty_ms for one in seen), "empty"
        case _:
            return tuple(one.empty for one in seen), "empty"
