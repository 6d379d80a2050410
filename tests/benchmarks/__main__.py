"""`./run bench [PART ...]`: measure, and print what came of it beside the floor or the budget.

Parts: engine (steps a second beside the floor), growth (long processes), http (everything on), latency, memory, idle.
"""

import argparse
import importlib
import json
import os
import platform
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from tests.benchmarks import machine, report
from tests.benchmarks.options import Options
from tests.benchmarks.report import Row

PARTS = ("engine", "growth", "http", "latency", "memory", "idle")
"""Each a module here with `measure(address, options) -> list[Row]`, imported when Django is set up."""
SECONDS_A_PART = 600


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("part", nargs="*", choices=[*PARTS, []], help="what to measure (default: everything)")
    parser.add_argument("--rounds", type=int, default=Options.rounds, help="how often (default: %(default)s)")
    parser.add_argument("--processes", type=int, default=Options.processes, help="of a round over HTTP (%(default)s)")
    parser.add_argument("--json", type=Path, help="write the figures to this file as well")
    wanted = parser.parse_args()
    signal.signal(signal.SIGTERM, _end)
    options = Options(wanted.rounds, wanted.processes)
    seen: dict[str, list[Row]] = {}
    with machine.durable_postgres() as address:
        machine.prepare(address)
        print(f"{_load()}\n{report.heading()}", flush=True)
        for part in wanted.part or PARTS:
            seen[part] = measure(part, address, options)
            print("\n".join(map(report.line, seen[part])), flush=True)
    print(_load())
    if wanted.json:
        wanted.json.write_text(json.dumps(_told(seen, options), indent=1) + "\n")


def measure(part: str, address: str, options: Options) -> list[Row]:
    with machine.within(SECONDS_A_PART, f"The part {part}"):
        rows: list[Row] = importlib.import_module(f"tests.benchmarks.{part}").measure(address, options)
    return rows


def _end(number: int, frame: FrameType | None) -> None:
    """End as by Ctrl-C: everything that was started is stopped."""
    sys.exit(128 + number)


def _load() -> str:
    loads = ", ".join(f"{one:.2f}" for one in os.getloadavg())
    return f"{os.cpu_count()} cores, load {loads} (1, 5 and 15 minutes)"


def _told(seen: dict[str, list[Row]], options: Options) -> dict[str, object]:
    return {
        "measured_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": os.getloadavg(),
        "rounds": options.rounds,
        "processes": options.processes,
        "parts": {part: [row.as_json() for row in rows] for part, rows in seen.items()},
    }


if __name__ == "__main__":
    main()
