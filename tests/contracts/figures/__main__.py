"""Print every figure, with the places of those that pass their bound; exit 1 when there is one."""

import sys

from tests.contracts.figures.pages import pages
from tests.contracts.figures.rooms import rooms
from tests.contracts.figures.sources import functions, handlers, modules
from tests.contracts.figures.suite import suite


def main() -> int:
    figures = [*rooms(), *modules(), *functions(), *handlers(), *suite(), *pages()]
    print(*figures, sep="\n")
    missed = [figure for figure in figures if figure.is_missed]
    for figure in missed:
        print(f"\n{figure.name}:", *figure.places, sep="\n  ")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
