"""Databases of the first day are given what their first migration lacked."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor
from django.test.utils import isolate_apps

from processes.store import early
from processes.store.schema import missing_columns

pytestmark = pytest.mark.django_db(transaction=True)
FIRST = [("processes", "0003_audit_head")]


@pytest.fixture
def first_day() -> Iterator[None]:
    """A database whose first migrations were run when they were shorter, with a process in it."""
    executor = MigrationExecutor(connection)
    executor.migrate(FIRST)
    process = executor.loader.project_state(FIRST).apps.get_model("processes", "Process")
    with isolate_apps(), connection.schema_editor() as editor:
        table = process._meta
        for index in [one for one in table.indexes if one.name in {"process_owned", "process_deadline"}]:
            editor.remove_index(process, index)
        for name in ("deadline_at", "retry_base", "progress"):
            editor.remove_field(process, table.get_field(name))
        late = models.JSONField(default=list)
        late.set_attributes_from_name("input_keys")
        editor.add_field(process, late)
    yield
    call_command("migrate", verbosity=0)


def test_a_database_of_the_first_day_is_brought_up_to_date(first_day: None) -> None:
    """M12."""
    call_command("migrate", verbosity=0)

    assert missing_columns() == []


def test_a_database_of_today_is_left_alone(django_assert_max_num_queries: object) -> None:
    before = missing_columns()

    early.mend()

    assert (before, missing_columns()) == ([], [])
