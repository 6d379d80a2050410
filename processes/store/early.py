"""Databases that were made on 21 November 2026, while the first migration was still being written.

By their record they have run it, but not as it stands: they lack columns and indexes that were added to it until
20:47 that day, and the migrations after it fail on them. They are given what they lack before those run; any other
database is left alone. Landed migrations stay as they are since (tests/contracts/test_migrations.py).
"""

from collections.abc import Iterator
from typing import Any

from django.db import connections, migrations, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Index

APP, FIRST = "processes", "0001_initial"
REWORKED = (APP, "0007_leases_and_frames")
"""From this migration on the tables are others, and a database that has run it lacked nothing."""
ADDED = {
    "process": ("position_attempt", "retry_base", "attempt_started_at", "deadline_at", "progress"),
    "step": ("reason",),
}
ADDED_INDEXES = {"process": ("process_owned", "process_deadline"), "step": ("step_trouble",)}
DROPPED_COLUMN, DROPPED_INDEX = "input_keys", "process_leased"


def mend(using: str = "default", **_: Any) -> None:
    """Give an early database what it lacks; a receiver of Django's `pre_migrate`."""
    connection = connections[using]
    executor = MigrationExecutor(connection)
    applied = executor.loader.applied_migrations
    if (APP, FIRST) not in applied or REWORKED in applied:
        return
    full = executor.loader.project_state([(APP, FIRST)])
    present = {name: _columns(connection, f"{APP}_{name}") for name in ADDED}
    lacking = [(model, name) for model, names in ADDED.items() for name in names if name not in present[model]]
    has_dropped = DROPPED_COLUMN in present["process"]
    state, operations = _early(full, lacking, has_dropped=has_dropped), list(_operations(full, lacking, has_dropped))
    with connection.schema_editor() as editor:
        _forget_index(editor, connection)
        for operation in operations:
            before, state = state, state.clone()
            operation.state_forwards(APP, state)
            operation.database_forwards(APP, editor, before, state)


def _early(full: ProjectState, lacking: list[tuple[str, str]], *, has_dropped: bool) -> ProjectState:
    """The tables as that database has them."""
    state = full.clone()
    for model, names in ADDED_INDEXES.items():
        options = state.models[APP, model].options
        options["indexes"] = [one for one in options.get("indexes", []) if one.name not in names]
    for model, name in lacking:
        del state.models[APP, model].fields[name]
    if has_dropped:
        state.models[APP, "process"].fields[DROPPED_COLUMN] = models.JSONField(default=list)
    return state


def _operations(full: ProjectState, lacking: list[tuple[str, str]], has_dropped: bool) -> Iterator[Operation]:
    for model, name in lacking:
        yield migrations.AddField(model, name, full.models[APP, model].fields[name].clone())
    if has_dropped:
        yield migrations.RemoveField("process", DROPPED_COLUMN)
    for model, names in ADDED_INDEXES.items():
        found: dict[str, Index] = {one.name: one for one in full.models[APP, model].options["indexes"]}
        for name in names:
            yield _AddIndexOnce(model, found[name])


class _AddIndexOnce(migrations.AddIndex):
    """Some of these databases have some of the indexes."""

    def database_forwards(self, app_label: str, editor: Any, from_state: Any, to_state: Any) -> None:
        with editor.connection.cursor() as cursor:
            table = f"{APP}_{self.model_name}"
            known = editor.connection.introspection.get_constraints(cursor, table)
        if self.index.name not in known:
            super().database_forwards(app_label, editor, from_state, to_state)


def _forget_index(editor: Any, connection: BaseDatabaseWrapper) -> None:
    """An index on other columns had the name that another has since."""
    editor.execute(f"DROP INDEX IF EXISTS {connection.ops.quote_name(DROPPED_INDEX)}")


def _columns(connection: BaseDatabaseWrapper, table: str) -> set[str]:
    with connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, table)}
