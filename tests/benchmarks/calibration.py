"""How quick the machine is at this moment: a fixed piece of pure-Python work, on every core at once.

The rounds of a figure are measured between two calibrations. A round in which the machine was slower than at its best
by more than NOISY is marked, since something else ran beside it. Run as a program, it does the work once a line.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Self

NOISY = 0.2
"""The share by which a round may be slower than the machine at its best before it is marked."""
TRIES = 5
"""Calibrations at the start, of which the best one is the measure."""
_LOOPS = 200_000


def work() -> int:
    """Some 40 ms on a core of 2026: integers, a dictionary, texts; no input, no output."""
    seen: dict[str, int] = {}
    for number in range(_LOOPS):
        key = f"key-{number * 7919 % 1009}"
        seen[key] = seen.get(key, 0) + number % 13
    return sum(seen.values())


class Calibration:
    """As many programs as there are cores, idle until they are asked. A context, which ends them."""

    def __init__(self) -> None:
        self._programs: list[subprocess.Popen[str]] = []
        self.best = 0.0
        """Milliseconds of the quickest calibration up to now."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-S", __file__]
        for _ in range(os.cpu_count() or 1):
            program = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            self._programs.append(program)
        self.milliseconds()  # the programs have started
        self.best = min(self.milliseconds() for _ in range(TRIES))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for program in self._programs:
            program.communicate()

    def milliseconds(self) -> float:
        """How long the work takes now, on the slowest core."""
        for program in self._programs:
            assert program.stdin
            program.stdin.write("go\n")
            program.stdin.flush()
        took = [float(_line_of(program)) for program in self._programs]
        self.best = min(self.best or max(took), max(took))
        return max(took)


class Rounds:
    """So many rounds, each between two calibrations: `for _ in rounds`."""

    def __init__(self, calibration: Calibration, count: int) -> None:
        self._calibration, self._count = calibration, count
        self.milliseconds: list[float] = []
        """The slower of the two calibrations around each round."""

    def __iter__(self) -> Iterator[int]:
        before = self._calibration.milliseconds()
        for number in range(self._count):
            yield number
            after = self._calibration.milliseconds()
            self.milliseconds.append(max(before, after))
            before = after

    @property
    def quiet(self) -> tuple[bool, ...]:
        """Of each round, whether the machine was as quick as it can be."""
        return tuple(is_quiet(one, self._calibration.best) for one in self.milliseconds)


def is_quiet(milliseconds: float, best: float) -> bool:
    return milliseconds <= best * (1 + NOISY)


def _line_of(program: "subprocess.Popen[str]") -> str:
    assert program.stdout
    line: str = program.stdout.readline()
    return line


def _serve() -> None:
    for _ in sys.stdin:
        began = time.perf_counter()
        work()
        sys.stdout.write(f"{1000 * (time.perf_counter() - began)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
