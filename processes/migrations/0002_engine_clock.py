"""Give PostgreSQL the engine's clock; SQLite gets it with each connection."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FUNCTION = """
CREATE OR REPLACE FUNCTION engine_now(seconds double precision DEFAULT 0) RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT statement_timestamp() + make_interval(
    secs => seconds + coalesce(nullif(current_setting('engine.clock_offset', true), '')::double precision, 0))
$$
"""


def create(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION)


def drop(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION IF EXISTS engine_now(double precision)")


class Migration(migrations.Migration):
    dependencies = [("processes", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
