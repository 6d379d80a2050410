"""`python -m tests.benchmarks`: measure, and print what came of it beside the budget."""

import argparse

from tests.benchmarks import machine


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often everything is measured (default: %(default)s)")
    arguments = parser.parse_args()
    with machine.durable_postgres() as address:
        machine.prepare(address)
        print_table(address, arguments.rounds)


def print_table(address: str, rounds: int) -> None:
    # These know models, which exist only once Django is set up.
    from tests.benchmarks import engine, memory

    rates = engine.measure(address, rounds)
    megabytes = memory.measure(address, engine.an_operator())
    row = "{:<44} {:>10} {:>12} {:>14}".format
    print(row("", "steps/s", "of the floor", "budget"))
    print(row("floor: one durable statement a step", f"{rates.floor:.0f}", "1.00", ""))
    print(row("engine, one worker", f"{rates.one:.0f}", f"{rates.one_ratio:.2f}", "0.40"))
    print(row("engine, two workers", f"{rates.two:.0f}", f"{rates.two_ratio:.2f}", "0.60"))
    print(row("starts by one caller, a second", f"{rates.starts:.0f}", "", ""))
    print(row("memory of a serving worker, MB", f"{megabytes:.0f}", "", "120"))


if __name__ == "__main__":
    main()
