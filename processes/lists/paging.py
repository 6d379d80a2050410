"""Which rows stand on a part of a list, by key: read from an index wherever the list is sorted and cut.

What the rows are is asked afterwards, by these keys, so that nothing is joined that is not shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Exists, F, Func, OuterRef, QuerySet
from django.db.models.expressions import Expression, OrderBy
from django.db.models.functions import Left

from processes.lists.counts import Counting, Total, exact_total, total

Column = str | Expression
"""A column to sort by, such as `status` or `product__name`, or an expression that an index has."""
MOST_BY_RELATION = 1000
"""Rows from the beginning of a list for which each related row is asked for its own first ones."""
BEGINNING = 100
DEEP = 1000
"""Rows passed over from which on a list is read from its nearer end."""


def beginning(column: str) -> Left:
    """What a long text is sorted by: an entry of an index takes no more."""
    return Left(column, BEGINNING)


@dataclass(frozen=True)
class Part:
    """A part of a list: the keys of its rows in their order, whether more follow, and how many there are, if asked."""

    keys: list[Any]
    has_more: bool
    total: Total | None = None


@dataclass(frozen=True)
class Order:
    """Columns, each with whether it descends, and what decides between rows that are equal in them.

    Where the last column descends, equal rows stand the other way round as well: it is the ascending list read from
    its end, and one index serves both.
    """

    columns: Sequence[tuple[Column, bool]]
    ties: Sequence[str]

    @property
    def directions(self) -> list[tuple[Column, bool]]:
        """Every column to the last tie, with whether it descends."""
        named = {column for column, _ in self.columns if isinstance(column, str)}
        ties = [(one.lstrip("-"), one.startswith("-") != self._is_turned) for one in self.ties]
        return [*self.columns, *(one for one in ties if one[0] not in named)]

    def of(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows in this order."""
        return _sorted(rows, self.directions)

    @property
    def _is_turned(self) -> bool:
        """Whether equal rows stand the other way round: not where the last column descends as a tie does."""
        if not self.columns:
            return False
        last, descends = self.columns[-1]
        return descends != (isinstance(last, str) and f"-{last}" in self.ties)

    @property
    def relation(self) -> str:
        """The foreign key whose row the list is sorted by; empty when it is sorted by columns of its own."""
        column = self.columns[0][0] if self.columns else ""
        return column.partition("__")[0] if isinstance(column, str) and "__" in column else ""


def part(rows: QuerySet[Any], order: Order, *, start: int, size: int, counting: Counting = Counting.NO) -> Part:
    """So many rows from there. A part that reaches the end knows exactly how many there are, without counting."""
    known = _total(rows, counting) if counting is not Counting.NO and start >= DEEP else None
    keys = _keys(rows, order, start, size + 1, known)
    has_more = len(keys) > size
    if counting is Counting.NO:
        return Part(keys[:size], has_more)
    if not has_more and (keys or not start):
        return Part(keys, has_more, Total(start + len(keys)))
    known = _total(rows, counting) if known is None else known
    if not keys and not known.is_exact:
        known = exact_total(rows)
    return Part(keys[:size], has_more, known.at_least(start + len(keys)) if keys else known)


def _total(rows: QuerySet[Any], counting: Counting) -> Total:
    return exact_total(rows) if counting is Counting.EXACT else total(rows)


def _keys(rows: QuerySet[Any], order: Order, start: int, size: int, known: Total | None) -> list[Any]:
    if known is not None and known.is_exact and start > known.number / 2:
        end = max(0, known.number - start)
        nearest = order.of(rows).reverse().values_list("pk", flat=True)[max(0, end - size) : end]
        return list(nearest)[::-1]
    if order.relation and start + size <= MOST_BY_RELATION and connection.vendor == "postgresql":
        rows = _nearest_by_relation(rows, order, start + size)
    return list(order.of(rows).values_list("pk", flat=True)[start : start + size])


def _nearest_by_relation(rows: QuerySet[Any], order: Order, size: int) -> QuerySet[Any]:
    """Of each related row the first few, among which the first few of all must be.

    A join would sort all rows of the first customer, or of the first product, before it could give one.
    """
    name, relation = order.columns[0][0], order.relation
    assert isinstance(name, str)
    field = rows.model._meta.get_field(relation).related_model._meta.get_field(name.removeprefix(f"{relation}__"))
    of_it = rows.filter(**{relation: OuterRef("pk")})
    first = _sorted(of_it, order.directions[1:]).values("pk")[:size]
    related = field.model._default_manager.order_by(_directed(field.name, order.columns[0][1]))
    if field.unique:  # each gives one row at least, so that no more of them are needed than rows
        related = related.filter(Exists(of_it))[:size]
    keys = Func(ArraySubquery(first), function="unnest", output_field=rows.model._meta.pk)
    nearest: QuerySet[Any] = rows.model._default_manager.filter(pk__in=related.values_list(keys))
    return nearest


def _sorted(rows: QuerySet[Any], directions: Sequence[tuple[Column, bool]]) -> QuerySet[Any]:
    return rows.order_by(*(_directed(column, descends) for column, descends in directions))


def _directed(column: Column, descends: bool) -> OrderBy:
    expression = F(column) if isinstance(column, str) else column
    return OrderBy(expression, descending=descends)
