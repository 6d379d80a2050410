"""Keys of rows that are kept as texts elsewhere, in the form in which each database keeps them."""

from typing import Any

from django.db.models import Func, UUIDField


class AsKey(Func):
    """A text with a UUID as a key: PostgreSQL has a type for it, SQLite keeps 32 digits without hyphens."""

    arity = 1
    output_field = UUIDField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return super().as_sql(compiler, connection, template="CAST(%(expressions)s AS uuid)", **more)

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return super().as_sql(compiler, connection, template="REPLACE(%(expressions)s, '-', '')", **more)
