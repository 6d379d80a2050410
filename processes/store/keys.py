"""Keys of rows that are kept as texts elsewhere, as such texts."""

from typing import Any

from django.db.models import CharField, Func


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
