"""From nothing to the first answer: the site with its workers, and the demo on the data of an earlier start.

With PYTHONDONTWRITEBYTECODE, as in many containers, both must be as quick: byte code was written at install.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks import budgets, machine, stack
from tests.benchmarks.bench import Bench
from tests.benchmarks.client import Client
from tests.benchmarks.databases import EMPTY
from tests.benchmarks.report import Row, plain

WITHOUT = {"PYTHONDONTWRITEBYTECODE": "1"}
_OURS = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "SECRET_KEY", "LOG_LEVEL", "TLS_AT_PROXY", "DATA_DIR"}
"""What the benchmarks set for themselves and a person does not."""
LOOK_SECONDS = 0.02
START_SECONDS = 120
STOP_SECONDS = 20


def measure(bench: Bench) -> list[Row]:
    rounds = bench.rounds()
    address = bench.address(EMPTY)
    with machine.folder() as data:
        first = demo_seconds(data, {})
        seen = [_round(address, data) for _ in rounds]
    site, site_without, demo, demo_without = zip(*seen, strict=True)
    quiet = rounds.quiet
    return [
        Row("start: site, to its first answer", "s", site, budget=budgets.START_SITE, quiet=quiet),
        Row("start: the same, PYTHONDONTWRITEBYTECODE", "s", site_without, site, "with", budgets.START_WITHOUT, quiet),
        Row("start: ./run demo, to its first answer", "s", demo, budget=budgets.START_DEMO, quiet=quiet),
        Row("start: the same, PYTHONDONTWRITEBYTECODE", "s", demo_without, demo, "with", budgets.START_WITHOUT, quiet),
        plain("start: ./run demo for the first time", "s", [first]),
    ]


def _round(address: str, data: Path) -> tuple[float, float, float, float]:
    return (
        site_seconds(address, {}),
        site_seconds(address, WITHOUT),
        demo_seconds(data, {}),
        demo_seconds(data, WITHOUT),
    )


def site_seconds(address: str, more: Mapping[str, str]) -> float:
    """Web server and workers, until health says that all is well."""
    port = stack.free_port()
    with machine.folder() as data:
        environment = {**_without_setting(machine.environment(address, data)), **more}
        began = time.perf_counter()
        with _running(stack.web_server(port), environment, data), _running(stack.worker_host(2), environment, data):
            return _seconds_until_well(port, began)


def demo_seconds(data: Path, more: Mapping[str, str]) -> float:
    """`./run demo` as a person types it, on SQLite."""
    port = stack.free_port()
    environment = {name: value for name, value in _without_setting(os.environ).items() if name not in _OURS}
    command = ["./run", "demo", "--port", str(port), "--inventory-port", str(stack.free_port()), "--data", str(data)]
    began = time.perf_counter()
    with _running(command, {**environment, **more}, data):
        return _seconds_until_well(port, began)


def _seconds_until_well(port: int, began: float) -> float:
    with Client(port) as client:
        machine.wait_for(client.is_well, START_SECONDS, "the first answer", every=LOOK_SECONDS)
    return time.perf_counter() - began


def _without_setting(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name not in WITHOUT}


@contextmanager
def _running(command: list[str], environment: Mapping[str, str], data: Path) -> Iterator[None]:
    """A program in a group of its own, which ends with the block; what it says goes to a file."""
    with (data / "start.log").open("ab") as log:
        program = subprocess.Popen(
            command,
            cwd=machine.ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield
    finally:
        program.terminate()
        try:
            program.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)
            program.wait()
