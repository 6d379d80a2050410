"""Whether the tables of the database are those of this release, whatever the record of migrations says."""

from django.apps import apps
from django.db import connection


def missing_columns() -> list[str]:
    """The columns that a model of this release has and its table lacks, as `table.column`; a few queries a table."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        found = {
            table: {column.name for column in connection.introspection.get_table_description(cursor, table)}
            for table in sorted(tables)
        }
    return [
        f"{model._meta.db_table}.{field.column}"
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
        for field in model._meta.local_concrete_fields
        if field.column not in found.get(model._meta.db_table, set())
    ]
