"""Running demos for end-to-end tests."""

from collections.abc import Iterator

import pytest

from tests.e2e.demo import Demo


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One demo at a time: they measure time, and there are two cores."""
    for item in items:
        if item.get_closest_marker("demo"):
            item.add_marker(pytest.mark.xdist_group("demo"))
            item.add_marker(pytest.mark.timeout(240))


def started(folder: pytest.TempPathFactory, *options: str) -> Iterator[Demo]:
    demo = Demo(folder.mktemp("demo") / "data", options)
    try:
        demo.start()
        yield demo
    finally:
        demo.end()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """On SQLite, shared by all tests: a start takes seconds, and the names they order by differ."""
    yield from started(tmp_path_factory)


@pytest.fixture(scope="session")
def demo_on_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The same on the PostgreSQL of the wheel."""
    yield from started(tmp_path_factory, "--postgres")
