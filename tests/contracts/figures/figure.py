"""A figure: its name, its value, the bound that it must not pass, and the places that count."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A number and, where it is bounded, what may be looked at to bring it down."""

    name: str
    value: int | float
    at_most: int | None = None
    places: Sequence[str] = ()
    unit: str = ""

    @property
    def is_missed(self) -> bool:
        return self.at_most is not None and self.value > self.at_most

    def __str__(self) -> str:
        value = f"{self.value:.2f}".rstrip("0").rstrip(".") + self.unit
        bound = "" if self.at_most is None else f"at most {self.at_most}"
        return f"{'MISSED' if self.is_missed else '':6}  {self.name:46} {value:>9}  {bound}".rstrip()


def counted(name: str, places: Sequence[str], at_most: int | None = None) -> Figure:
    """How many places there are."""
    return Figure(name, len(places), at_most, places)
