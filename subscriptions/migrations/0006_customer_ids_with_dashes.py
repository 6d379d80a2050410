"""Customer ids that SQLite kept as 32 digits become the texts that programs know; PostgreSQL has made them already."""

from typing import Any

from django.db import migrations

_DASHED = "substr({0}, 1, 8) || '-' || substr({0}, 9, 4) || '-' || substr({0}, 13, 4) || '-' || substr({0}, 17, 4) || '-' || substr({0}, 21)"
_UPDATES = (
    f"UPDATE subscriptions_subscription SET customer_id = {_DASHED.format('customer_id')} WHERE length(customer_id) = 32",
    f"UPDATE subscriptions_customer SET id = {_DASHED.format('id')} WHERE length(id) = 32",
)


def add_dashes(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "sqlite":
        for update in _UPDATES:
            schema_editor.execute(update)


class Migration(migrations.Migration):
    dependencies = [("subscriptions", "0005_customer_ids_of_any_text")]

    operations = [migrations.RunPython(add_dashes, migrations.RunPython.noop)]
