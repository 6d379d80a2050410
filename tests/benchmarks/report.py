"""What the benchmarks tell: a row for each figure with its spread over the rounds, beside its floor and its budget."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

_LINE = "{:<58} {:>29} {:<11} {:>20} {:>9} {:>9} {:>9}  {}".format


@dataclass(frozen=True)
class Budget:
    """What a figure must be, and what one would like it to be: `at_least` or `at_most`, not both.

    It holds for the figure, or for its ratio to a floor where it was measured beside one.
    """

    must: float
    aim: float | None = None
    is_least: bool = True

    def is_kept(self, value: float) -> bool:
        return value >= self.must if self.is_least else value <= self.must

    @property
    def sign(self) -> str:
        return "≥" if self.is_least else "≤"


def at_least(must: float, aim: float | None = None) -> Budget:
    """For what should be high."""
    return Budget(must, aim)


def at_most(must: float, aim: float | None = None) -> Budget:
    """For what should be low."""
    return Budget(must, aim, is_least=False)


@dataclass(frozen=True)
class Row:
    """A figure, once a round. `floors` were measured in the same rounds; the ratio of a round is ours over its floor.

    `quiet` says of each round whether the machine was quiet; where some were, only they count. A row without a budget
    only informs.
    """

    name: str
    unit: str
    rounds: tuple[float, ...]
    floors: tuple[float, ...] = ()
    floor_name: str = ""
    budget: Budget | None = None
    quiet: tuple[bool, ...] = ()

    @property
    def ours(self) -> float:
        return median(self._counted(self.rounds))

    @property
    def floor(self) -> float | None:
        return median(self._counted(self.floors)) if self.floors else None

    @property
    def ratio(self) -> float | None:
        """The median of the ratios of the rounds."""
        if not self.floors:
            return None
        return median(self._counted([ours / floor for ours, floor in zip(self.rounds, self.floors, strict=True)]))

    @property
    def noisy(self) -> int:
        """How many rounds were not quiet."""
        return len(self.quiet) - sum(self.quiet)

    @property
    def verdict(self) -> str:
        """OK or MISSED; nothing when there is nothing to be held against."""
        if self.budget is None:
            return ""
        value = self.ours if self.ratio is None else self.ratio
        return "OK" if self.budget.is_kept(value) else "MISSED"

    def as_json(self) -> dict[str, Any]:
        budget = self.budget
        return {
            "name": self.name,
            "unit": self.unit,
            "ours": self.ours,
            "rounds": self.rounds,
            "quiet": self.quiet,
            "floor": self.floor,
            "floor_name": self.floor_name or None,
            "floor_rounds": self.floors,
            "ratio": self.ratio,
            "must": budget and budget.must,
            "aim": budget and budget.aim,
            "sign": budget and budget.sign,
            "verdict": self.verdict,
        }

    def _counted(self, values: Sequence[float]) -> Sequence[float]:
        """Those of quiet rounds, or all where none was."""
        if not any(self.quiet):
            return values
        return [value for value, is_quiet in zip(values, self.quiet, strict=True) if is_quiet]


def plain(name: str, unit: str, rounds: Iterable[float], quiet: tuple[bool, ...] = ()) -> Row:
    """A figure that only informs."""
    return Row(name, unit, tuple(rounds), quiet=quiet)


def percentile(values: Iterable[float], percent: float) -> float:
    """The value that so many percent are not above (nearest rank). Raises ValueError when there is none."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("There is nothing to take a percentile of.")
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(0, int(rank) - 1)]


def heading() -> str:
    return _LINE("", "min / median / max", "", "floor", "ratio", "must", "aim", "")


def line(row: Row) -> str:
    """A row of the table; a star for each round that was not quiet."""
    spread = (min(row.rounds), row.ours, max(row.rounds))
    budget = row.budget
    return _LINE(
        row.name,
        " / ".join(map(number, spread)) if len(row.rounds) > 1 else number(row.ours),
        row.unit,
        f"{row.floor_name} {number(row.floor)}" if row.floor is not None else "",
        "" if row.ratio is None else number(row.ratio),
        f"{budget.sign} {number(budget.must)}" if budget else "",
        number(budget.aim) if budget and budget.aim is not None else "",
        row.verdict + "*" * row.noisy,
    ).rstrip()


def number(value: float) -> str:
    """Three figures, without powers of ten: 1183, 96.4, 0.85."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
