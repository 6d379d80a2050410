"""How many rows a list has: counted one by one to 10 000, and past that estimated, unless it is asked exactly.

To count costs as much as there is to count: of a million rows more than everything else of a list together. What was
estimated stands for a minute: to count the first 10 000 again was a third of the processor time of a list of 25.
"""

from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum, auto
from threading import Lock
from time import monotonic
from typing import Any

import orjson
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, Value

MOST_COUNTED = 10_000
MOST_TOLD = 1_000
"""The largest number of a badge."""
ESTIMATE_SECONDS = 60
MOST_ESTIMATES = 1_000


class Counting(Enum):
    """Whether a list is counted, and how surely."""

    NO = auto()
    ESTIMATED = auto()
    EXACT = auto()


@dataclass(frozen=True)
class Total:
    """How many rows there are; an estimate is never less than what was counted."""

    number: int
    is_exact: bool = True

    def __str__(self) -> str:
        """As a page writes it."""
        return str(self.number) if self.is_exact else f"about {self.number}"

    def __bool__(self) -> bool:
        return self.number > 0

    def at_least(self, number: int) -> "Total":
        """The same in the knowledge that there are so many."""
        return self if self.number >= number else Total(number, is_exact=False)


@dataclass(frozen=True)
class Capped:
    """How many rows there are, counted to one more than `MOST_TOLD`: past that only so much is told."""

    counted: int

    def __str__(self) -> str:
        """As a page writes it."""
        return str(self.counted) if self.counted <= MOST_TOLD else f"{MOST_TOLD}+"

    def __bool__(self) -> bool:
        return self.counted > 0


class Estimates:
    """What was estimated within the last minute, by statement; those asked longest ago are forgotten."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[Total, float]] = OrderedDict()
        self._lock = Lock()

    def get(self, statement: str) -> Total | None:
        """The estimate, unless it is too old."""
        with self._lock:
            known, until = self._known.get(statement, (None, 0.0))
        return known if until > monotonic() else None

    def keep(self, statement: str, estimate: Total) -> None:
        """Until a minute from now."""
        with self._lock:
            self._known[statement] = estimate, monotonic() + ESTIMATE_SECONDS
            self._known.move_to_end(statement)
            if len(self._known) > MOST_ESTIMATES:
                self._known.popitem(last=False)

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._known.clear()


estimates = Estimates()


def total(rows: QuerySet[Any]) -> Total:
    """Count to 10 000; past that ask PostgreSQL what its planner thinks. SQLite thinks nothing, and counts."""
    if connection.vendor != "postgresql":
        return exact_total(rows)
    nothing_of_each = rows.order_by().values(counted=Value(1))
    try:
        statement = repr(nothing_of_each.query.sql_with_params())
    except EmptyResultSet:
        return Total(0)
    known = estimates.get(statement)
    if known is not None:
        return known
    counted = nothing_of_each[: MOST_COUNTED + 1].count()
    if counted <= MOST_COUNTED:
        return Total(counted)
    (plan,) = orjson.loads(nothing_of_each.explain(format="json"))
    estimate = Total(max(int(plan["Plan"]["Plan Rows"]), counted), is_exact=False)
    estimates.keep(statement, estimate)
    return estimate


def exact_total(rows: QuerySet[Any]) -> Total:
    """Count them all."""
    return Total(rows.order_by().count())


def if_few(rows: QuerySet[Any], most: int) -> list[Any] | None:
    """All of the rows where there are so many at most; else None, which is known without sorting them."""
    return None if rows.order_by()[: most + 1].count() > most else list(rows)
