"""Catalogues in the database: imported once, and from then on put back row by row, which takes a tenth of the time."""

from django.apps import apps
from django.db import connection, transaction
from django.db.models import AutoField, Model

from products.actions import import_catalogue
from products.models import ProductBlock, ResourceType

Rows = list[tuple[type[Model], list[Model]]]
_kept: dict[str, Rows] = {}


def imported(text: str, *, by: str) -> None:
    """What an import makes of a catalogue; under the same ids each time where there is no catalogue yet.

    The import is not in the audit trail then. It may lose values.
    """
    is_empty = not (ResourceType.objects.exists() or ProductBlock.objects.exists())
    if is_empty and text in _kept:
        _put_back(_kept[text])
        return
    import_catalogue(text, filename="test.yaml", by=by, may_lose_values=True)
    if is_empty:
        _kept[text] = [(model, list(model._base_manager.all())) for model in _models()]


def _models() -> list[type[Model]]:
    return list(apps.get_app_config("products").get_models(include_auto_created=True))


@transaction.atomic
def _put_back(kept: Rows) -> None:
    for model, rows in kept:
        model._base_manager.bulk_create(rows)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(_beyond(model) for model, _ in kept if _is_numbered(model))}")


def _is_numbered(model: type[Model]) -> bool:
    return isinstance(model._meta.pk, AutoField)


def _beyond(model: type[Model]) -> str:
    """Let the next number of a table be one that no row of it has."""
    table = model._meta.db_table
    numbers = f"pg_get_serial_sequence('{table}', 'id')"
    return f"setval({numbers}, GREATEST((SELECT max(id) FROM {table}), nextval({numbers})))"
