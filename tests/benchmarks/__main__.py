"""`./run bench [PART ...]`: measure, print each figure beside floor and budget, and exit 1 when a must is missed."""

import argparse
import importlib
import json
import os
import platform
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

import django

from tests.benchmarks import databases, machine, report
from tests.benchmarks.bench import Bench
from tests.benchmarks.calibration import NOISY, Calibration
from tests.benchmarks.databases import EMPTY
from tests.benchmarks.options import Options
from tests.benchmarks.report import Row

PARTS = {
    "engine": "steps a second of one and two workers, beside pgbench",
    "steps": "step 1 000 beside step 10, and what a long process stores",
    "http": "starts and steps with everything on",
    "latency": "one process of 20 steps on an idle system",
    "reads": "REST lists, trees and pages at 50 000 subscriptions",
    "change": "a workflow that saves one of 50 000 subscriptions",
    "live": "the refresh of a page on which nothing or one step has changed",
    "export": "CSV of 50 000 subscriptions",
    "memory": "of web processes and workers, after everything",
    "idle": "processor time of a host with nothing to do",
    "start": "seconds to the first answer of the site and of the demo",
    "scale": "1 000, 50 000 and 1 000 000 subscriptions beside each other, and the plans of the hot calls",
}
"""Each a module here with `measure(bench) -> list[Row]`, imported when Django is set up."""
PEER = {"peer": "orchestrator-core from PyPI beside ours; only when it is named, needs a PostgreSQL with contrib"}
SECONDS_A_PART = 1800


def main() -> None:
    wanted = _parser().parse_args()
    signal.signal(signal.SIGTERM, _end)
    options = Options(wanted.rounds, wanted.processes, wanted.seconds)
    seen: dict[str, list[Row]] = {}
    with Calibration() as calibration, databases.on_server() as made:
        bench = Bench(made, calibration, options)
        os.environ.update(machine.environment(bench.address(EMPTY)))
        django.setup()
        print(f"{_machine(calibration)}\n\n{report.heading()}", flush=True)
        for part in wanted.part or PARTS:
            seen[part] = _measured(part, bench)
            print("\n".join(map(report.line, seen[part])), flush=True)
        print(f"\n{_machine(calibration)}")
    if wanted.json:
        wanted.json.write_text(json.dumps(_as_json(seen, options, calibration), indent=1) + "\n")
    _tell_and_exit([row for rows in seen.values() for row in rows])


def _parser() -> argparse.ArgumentParser:
    parts = "\n".join(f"  {name:<9} {what}" for name, what in (PARTS | PEER).items())
    parser = argparse.ArgumentParser(
        prog="./run bench",
        description=f"{__doc__}\n\nparts (default: all but `peer`):\n{parts}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("part", nargs="*", type=_part, metavar="PART", help="what to measure")
    parser.add_argument("--rounds", type=int, default=Options.rounds, metavar="N", help="how often (%(default)s)")
    parser.add_argument(
        "--processes", type=int, default=Options.processes, metavar="N", help="in a round over HTTP (%(default)s)"
    )
    parser.add_argument(
        "--seconds", type=float, default=Options.seconds, metavar="S", help="for a page in a round (%(default)s)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every round to this file as well")
    return parser


def _part(name: str) -> str:
    if name not in PARTS | PEER:
        raise argparse.ArgumentTypeError(f"there is no part {name}; there are: {', '.join(PARTS | PEER)}")
    return name


def _measured(part: str, bench: Bench) -> list[Row]:
    with machine.within(SECONDS_A_PART, f"The part {part}"):
        rows: list[Row] = importlib.import_module(f"tests.benchmarks.{part}").measure(bench)
    return rows


def _end(number: int, frame: FrameType | None) -> None:
    """End as by Ctrl-C: everything that was started is stopped."""
    sys.exit(128 + number)


def _machine(calibration: Calibration) -> str:
    loads = ", ".join(f"{load:.2f}" for load in os.getloadavg())
    now = calibration.milliseconds()
    return (
        f"{os.cpu_count()} cores, load {loads} (1, 5 and 15 minutes); calibration {now:.0f} ms, at best "
        f"{calibration.best:.0f} ms; * marks a round slower than that by more than {NOISY:.0%}, which does not count"
    )


def _tell_and_exit(rows: Sequence[Row]) -> None:
    missed = [row for row in rows if row.verdict == "MISSED"]
    noisy = sum(row.noisy > 0 for row in rows)
    print(f"{len(rows)} figures, {noisy} of them with noisy rounds, {len(missed)} MISSED")
    for row in missed:
        print(report.line(row))
    sys.exit(1 if missed else 0)


def _as_json(seen: Mapping[str, Sequence[Row]], options: Options, calibration: Calibration) -> dict[str, object]:
    return {
        "measured_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": os.getloadavg(),
        "calibration_ms": calibration.best,
        "rounds": options.rounds,
        "processes": options.processes,
        "seconds": options.seconds,
        "parts": {part: [row.as_json() for row in rows] for part, rows in seen.items()},
    }


if __name__ == "__main__":
    main()
