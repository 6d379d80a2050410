"""Two running demos for all end-to-end tests: a start takes seconds, and the names they order by differ."""

from collections.abc import Iterator

import pytest

from tests.e2e.demo import Demo


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A start takes its time on a busy machine."""
    for item in items:
        if item.get_closest_marker("demo"):
            item.add_marker(pytest.mark.timeout(240))


def started(folder: pytest.TempPathFactory, *options: str) -> Iterator[Demo]:
    demo = Demo(folder.mktemp("demo") / "data", options)
    try:
        demo.start()
        yield demo
    finally:
        demo.end()


@pytest.fixture(scope="session")
def demo_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    yield from started(tmp_path_factory)


@pytest.fixture(scope="session")
def demo_on_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """On the PostgreSQL of the wheel."""
    yield from started(tmp_path_factory, "--postgres")


@pytest.fixture
def demo(demo_on_sqlite: Demo) -> Demo:
    """On SQLite; started again when an earlier test has ended it."""
    return running_again(demo_on_sqlite)


@pytest.fixture(params=["sqlite", "postgres"])
def either_demo(request: pytest.FixtureRequest) -> Demo:
    """On each database."""
    return running_again(request.getfixturevalue(f"demo_on_{request.param}"))


def running_again(demo: Demo) -> Demo:
    if not demo.is_running:
        demo.start()
    return demo
