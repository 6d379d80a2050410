"""Searches on SQLite that know the case of every letter: its own LIKE knows A to Z only.

A search for ASCII letters stays as it is, in C; any other calls `FOLD` for each row that is looked at.
"""

from typing import Any

from django.db.models import Field, Lookup
from django.db.models.lookups import IContains, IEndsWith, IExact, IStartsWith


class _Folded(Lookup):
    """A look-up that compares folded texts where the case of a letter in question is not ASCII's."""

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, Any]:
        if not isinstance(self.rhs, str) or self.rhs.isascii():
            return self.as_sql(compiler, connection, **context)
        lhs, lhs_params = self.process_lhs(compiler, connection)
        rhs, rhs_params = self.process_rhs(compiler, connection)
        return f"FOLD({lhs}) LIKE FOLD({rhs}) ESCAPE '\\'", [*lhs_params, *rhs_params]


class FoldedContains(_Folded, IContains):
    """`icontains`."""


class FoldedExact(_Folded, IExact):
    """`iexact`."""


class FoldedStart(_Folded, IStartsWith):
    """`istartswith`."""


class FoldedEnd(_Folded, IEndsWith):
    """`iendswith`."""


LOOKUPS: tuple[type[_Folded], ...] = (FoldedContains, FoldedExact, FoldedStart, FoldedEnd)


def register_lookups() -> None:
    """Let every case-blind look-up of Django be one of these."""
    for lookup in LOOKUPS:
        Field.register_lookup(lookup)


def add_to_sqlite(connection: Any, **_: Any) -> None:
    """Called when a connection opens: SQLite gets the function `FOLD`."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("FOLD", 1, fold, deterministic=True)


def fold(text: str | None) -> str | None:
    """The text without the case of its letters; null stays null, and what is no text is compared as one."""
    return None if text is None else str(text).casefold()
