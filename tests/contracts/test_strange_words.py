"""A row with a word that this release does not know, by SQL or by a newer release, breaks no page and no start."""

import json
import re
from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import IntegrityError, connection, transaction

from products.models import ProductVersion
from products.queries import published
from tests.contracts.conftest import Demo, inventory_of
from tests.contracts.journey import Journey
from tests.contracts.stops import Actor, Stop
from tests.contracts.tour import AREAS

pytestmark = [pytest.mark.django_db]

COLUMNS = [
    ("products_resourcetype", "kind"),
    ("products_blockfield", "kind"),
    ("products_blockfield", "required_from"),
    ("products_blockfield", "unique_scope"),
    ("products_product", "status"),
    ("products_productworkflow", "target"),
    ("products_productworkflow", "workflow_name"),
    ("subscriptions_subscription", "status"),
    ("processes_process", "status"),
    ("processes_process", "run_state"),
    ("processes_process", "target"),
    ("processes_process", "workflow_name"),
    ("processes_process", "position_path"),
    ("processes_step", "status"),
    ("processes_step", "kind"),
    ("processes_workflow", "target"),
    ("processes_worker", "state"),
    ("processes_auditevent", "action"),
]
STRANGE = "banana"


@pytest.fixture(autouse=True)
def _schemas_are_read_anew() -> Iterator[None]:
    published.schema_of.cache_clear()
    yield
    published.schema_of.cache_clear()


def pages(demo: Demo) -> Iterator[str]:
    """Every address that the tour reads, as an administrator; those that answer with a fault of ours."""
    with inventory_of(demo.folder / "strange", begin_with=demo.folder / "inventory.sqlite3") as inventory:
        journey = Journey(demo.kept, tokens=demo.tokens, inventory=inventory)
        addresses = {
            stop.path.partition("?")[0] for area in AREAS for stop in area.stops
            if isinstance(stop, Stop) and stop.method == "GET" and "health" not in stop.path
        }  # fmt: skip
        for path in sorted(addresses):
            is_there = set(re.findall(r"\{([^}]+)\}", path)) <= journey.kept.keys()
            if is_there and journey.ask(Stop(path, Actor.ADMIN, "GET", path)).status_code == 500:
                yield path


def strangely(table: str, column: str) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET {column} = %s", [STRANGE])
    except IntegrityError as refused:
        pytest.skip(f"the database refuses it: {type(refused).__name__}")


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_no_page_breaks(demo: Demo, table: str, column: str) -> None:
    strangely(table, column)

    assert list(pages(demo)) == []


@pytest.mark.parametrize("column", ["kind", "required_from", "unique_scope"])
def test_published_words_break_no_page(demo: Demo, column: str) -> None:
    for version in ProductVersion.objects.all():
        text = json.dumps(version.schema)
        for word in ("string", "integer", "enum", "block", "initial", "provisioning", "global"):
            text = text.replace(f'"{column}": "{word}"', f'"{column}": "{STRANGE}"')
        ProductVersion.objects.filter(pk=version.pk).update(schema=json.loads(text))

    assert list(pages(demo)) == []


@pytest.mark.parametrize(("table", "column"), COLUMNS[:7])
def test_the_site_starts_and_the_catalogue_is_written(demo: Demo, table: str, column: str) -> None:
    strangely(table, column)
    written = StringIO()

    call_command("catalogue", "export", stdout=written)
    call_command("prepare_demo")

    if column in {"kind", "required_from", "unique_scope"}:
        assert STRANGE in written.getvalue()


@pytest.mark.parametrize(("table", "column"), COLUMNS[:4])
def test_the_check_names_what_is_strange(demo: Demo, table: str, column: str) -> None:
    strangely(table, column)

    with pytest.raises(SystemCheckError) as told:
        call_command("check", "--database", "default", "--fail-level", "WARNING")

    assert f"“{STRANGE}”, which this release does not know" in str(told.value)
