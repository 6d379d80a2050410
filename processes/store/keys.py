"""Keys of rows that are kept as texts elsewhere, as such texts, and back."""

from typing import Any

from django.db.models import CharField, Func, UUIDField


class AsText(Func):
    """A key with a UUID, in lower case and with hyphens: SQLite keeps 32 digits without them."""

    arity = 1
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return super().as_sql(compiler, connection, template="CAST(%(expressions)s AS text)", **more)

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        key, values = compiler.compile(self.source_expressions[0])
        parts = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
        text = " || '-' || ".join(f"SUBSTR({key}, {begin}, {length})" for begin, length in parts)
        return f"({text})", tuple(values) * len(parts)


class AsKey(Func):
    """A text with a UUID as a key, to look one row up: for many begin with the keys, and compare their texts."""

    arity = 1
    output_field = UUIDField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return super().as_sql(compiler, connection, template="CAST(%(expressions)s AS uuid)", **more)

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return super().as_sql(compiler, connection, template="REPLACE(%(expressions)s, '-', '')", **more)
