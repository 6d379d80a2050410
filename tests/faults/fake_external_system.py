"""An external system for many workers: it writes down when calls begin and end, and is down while a file says so."""

import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from processes.engine import Retry, State, StepContext, StepList, begin, step, task

PATIENCE = Retry(tries=100, delay=0.2, factor=1.5, cap=2)


WORKFLOWS = "tests.faults.fake_external_system"


class World:
    """What its file says outlives the death of a writer. Each call takes `seconds`."""

    def __init__(self, folder: Path, seconds: float) -> None:
        self.seconds = seconds
        self._log, self._down = folder / "calls", folder / "down"
        self._file = os.open(self._log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def call(self, key: str) -> None:
        """Raises ConnectionError while it is down."""
        self._note("begin", key)
        time.sleep(self.seconds)
        is_down = self._down.exists()
        self._note("failed" if is_down else "end", key)
        if is_down:
            raise ConnectionError("the external system is down")

    def _note(self, what: str, key: str) -> None:
        os.write(self._file, f"{time.monotonic()} {os.getpid()} {what} {key}\n".encode())

    def go_down(self) -> None:
        self._down.touch()

    def come_up(self) -> None:
        self._down.unlink()

    def events(self) -> Iterator[tuple[float, int, str]]:
        """Moment, worker and what happened, in order."""
        for line in sorted(self._log.read_text().splitlines(), key=lambda line: float(line.split()[0])):
            at, pid, what, _ = line.split()
            yield float(at), int(pid), what

    def failures(self) -> int:
        return sum(what == "failed" for _, _, what in self.events())

    def most_at_once(self, killed: Mapping[int, float]) -> int:
        """How many calls ran at the same time, at most; one ends with its worker, which was killed at that moment."""
        deaths = [(at, pid, "end") for pid, at in killed.items()]
        running, most = set[int](), 0
        for _, pid, what in sorted([*self.events(), *deaths]):
            if what == "begin":
                running.add(pid)
            else:
                running.discard(pid)
            most = max(most, len(running))
        return most


_present: list[World] = []


def begin_world(folder: Path, seconds: float) -> World:
    """The world that steps call from now on, in this process and those forked from it."""
    _present[:] = [World(folder, seconds)]
    return _present[0]


@step("Call", system="inventory", retry=PATIENCE)
def call(context: StepContext) -> State:
    _present[0].call(context.idempotency_key)
    return {"called": context.attempt}


@step("Call again", system="inventory", retry=PATIENCE)
def call_again(context: StepContext) -> State:
    _present[0].call(context.idempotency_key)
    return {"called_again": context.attempt}


@step("Compute")
def compute() -> State:
    return {"computed": True}


@task("Call twice")
def call_twice() -> StepList:
    return begin >> call >> compute >> call_again


@task("Call once")
def call_once() -> StepList:
    return begin >> compute >> call


@task("Only compute")
def only_compute() -> StepList:
    return begin >> compute
