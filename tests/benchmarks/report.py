"""What the benchmarks tell: a row for each figure, beside the floor or the budget it is held against."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

_LINE = "{:<66} {:>16} {:>20} {:>6}  {}".format


@dataclass(frozen=True)
class Row:
    """A figure `ours` in a unit. `against` is a budget, or what was measured beside it; `ratio` is ours over it.

    The ratio must lie within `at_least` and `at_most`; a row with neither only informs. `aim` is the better budget
    that one would like to reach.
    """

    name: str
    ours: float
    unit: str
    against: float | None = None
    ratio: float | None = None
    at_least: float | None = None
    at_most: float | None = None
    aim: float | None = None

    @property
    def verdict(self) -> str:
        """OK or MISSED; nothing when there is nothing to be held against."""
        if self.ratio is None or (self.at_least is None and self.at_most is None):
            return ""
        too_low = self.at_least is not None and self.ratio < self.at_least
        too_high = self.at_most is not None and self.ratio > self.at_most
        return "MISSED" if too_low or too_high else "OK"

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "verdict": self.verdict}


def at_least(name: str, ours: float, unit: str, budget: float, *, aim: float | None = None) -> Row:
    """A figure that should be high."""
    return Row(name, ours, unit, budget, ours / budget, at_least=1.0, aim=aim)


def at_most(name: str, ours: float, unit: str, budget: float, *, aim: float | None = None) -> Row:
    """A figure that should be low."""
    return Row(name, ours, unit, budget, ours / budget, at_most=1.0, aim=aim)


def plain(name: str, ours: float, unit: str) -> Row:
    """A figure that only informs."""
    return Row(name, ours, unit)


def percentile(values: Iterable[float], percent: float) -> float:
    """The value that so many percent are not above (nearest rank). Raises ValueError when there is none."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("There is nothing to take a percentile of.")
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(0, int(rank) - 1)]


def ratio_of_medians(ours: Iterable[float], others: Iterable[float]) -> float:
    return median(ours) / median(others)


def heading() -> str:
    return _LINE("", "ours", "must be", "ratio", "")


def line(row: Row) -> str:
    """A row of the table."""
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    return _LINE(row.name, f"{number(row.ours)} {row.unit}", _wanted(row), ratio, row.verdict).rstrip()


def _wanted(row: Row) -> str:
    """`≥ 550, aim 850` for a budget; `≥ 0.40 of 2658` for a ratio to what was measured."""
    if row.against is None:
        return ""
    sign, limit = ("≥", row.at_least) if row.at_least is not None else ("≤", row.at_most)
    if limit is None:
        return f"beside {number(row.against)}"
    wanted = f"{sign} {number(row.against)}" if limit == 1 else f"{sign} {limit:.2f} of {number(row.against)}"
    return wanted if row.aim is None else f"{wanted}, aim {number(row.aim)}"


def number(value: float) -> str:
    """Three figures, without powers of ten: 1183, 96.4, 0.85."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
