"""What every test may ask for: people with known rights, a REST client, and a browser where there is one."""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, BrowserContext
from pytest_django import DjangoDbBlocker
from pytest_django.live_server_helper import LiveServer
from rest_framework.test import APIClient

from processes.access.permissions import ROLES
from processes.lists.counts import estimates
from tests import database
from tests.browser import HEIGHT, NARROW, WIDE, Visit

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")  # properties take as long as they take: a busy machine is no fault of theirs

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--no-first-run",
]


TO_A_DATABASE = {"db", "transactional_db", "live_server"}
"""Fixtures; who asks for one of them is run on each database, and whoever does not only once."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record", action="store_true", help="write down the answers of tests/contracts as they are now")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this machine or this lane cannot run, with the reason."""
    sqlite = "sqlite" in os.environ.get("DATABASE_URL", "")
    for item in items:
        if item.get_closest_marker("django_db") or TO_A_DATABASE & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")
        if sqlite and item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL; this is the SQLite lane"))
        if item.get_closest_marker("browser") and CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason="no Chromium found (apt-get install chromium)"))
    if any(item.get_closest_marker("browser") for item in items):
        # Playwright leaves an event loop in this thread, which Django takes for asynchronous code.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A migrated database for each worker, and emptied rather than flushed after tests that commit."""
    with django_db_blocker.unblock():
        database.work_on_a_copy()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", database.empty_tables)
        yield


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium instead of a downloaded one."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": BROWSER_ARGUMENTS}


@pytest.fixture(autouse=True)
def nothing_estimated() -> None:
    """No test knows how many rows another one had."""
    estimates.clear()


def person(name: str, *roles: str) -> User:
    """A user with these roles, whose password is the name."""
    user = User.objects.create_user(name, f"{name}@example.org", name)
    user.groups.set(_groups(roles))
    return user


def _groups(names: Iterable[str]) -> QuerySet[Group]:
    """Made where there are none; each test has them made anew, so by one statement."""
    Group.objects.bulk_create([Group(name=name) for name in names], ignore_conflicts=True)
    return Group.objects.filter(name__in=names)


@pytest.fixture
def roles(db: None) -> None:
    """All groups there are."""
    _groups(ROLES)


@pytest.fixture
def viewer(roles: None) -> User:
    return person("viewer", "viewer")


@pytest.fixture
def operator(roles: None) -> User:
    return person("operator", "operator")


@pytest.fixture
def modeller(roles: None) -> User:
    return person("modeller", "modeller")


@pytest.fixture
def admin_user(roles: None) -> User:
    return person("admin", "admin")


@pytest.fixture
def stranger(roles: None) -> User:
    """Signed in, but in no group."""
    return person("stranger")


@pytest.fixture
def api() -> Callable[..., APIClient]:
    """Make a REST client, signed in as the user given, or as nobody: `api(operator).get("/api/processes/")`."""

    def client(user: User | None = None) -> APIClient:
        made = APIClient(raise_request_exception=True)
        made.default_format = "json"
        if user is not None:
            made.force_authenticate(user)
        return made

    return client


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[BrowserContext]:
    """One for all tests, so that what pages load of the site is loaded once."""
    window = browser.new_context(viewport={"width": WIDE, "height": HEIGHT}, color_scheme="light")
    yield window
    window.close()


@pytest.fixture
def visit(window: BrowserContext, live_server: LiveServer) -> Iterator[Visit]:
    """Of somebody who was never here, on a wide light page."""
    visit = Visit(window.new_page(), live_server.url).watch()
    yield visit
    visit.leave()


@pytest.fixture
def narrow(visit: Visit) -> Visit:
    """The same on a phone in the dark: where there is least room and contrast."""
    visit.page.set_viewport_size({"width": NARROW, "height": HEIGHT})
    visit.page.emulate_media(color_scheme="dark")
    return visit
