"""Bugs planted on purpose: each must be found, or the tests that look for it are worth nothing."""

from collections.abc import Callable

from django.db import connection

from processes import rescue, store
from processes.models import Process

PLANTS: dict[str, Callable[[], None]] = {}


def planted(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    def note(function: Callable[[], None]) -> Callable[[], None]:
        PLANTS[name] = function
        return function

    return note


def plant(name: str) -> None:
    """Make the engine wrong. Raises KeyError for an unknown plant."""
    PLANTS[name]()


def _rewrite(old: str, new: str) -> None:
    assert old in store._MOVE, old
    store._MOVE = store._MOVE.replace(old, new)


def _without_unique_result() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX step_one_committed_success")


@planted("M1")
def no_fence() -> None:
    """A commit does not ask for the fence."""
    _rewrite("AND fence = %s AND run_state = 'running'", "AND %s IS NOT NULL")


@planted("M3")
def no_fence_and_no_unique_result() -> None:
    no_fence()
    _without_unique_result()


@planted("M6")
def rescue_without_fence() -> None:
    """A rescue leaves the fence as it is."""

    def release(process: Process, **changes: object) -> None:
        Process.objects.filter(pk=process.pk).update(owner="", lease_until=None, progress=None, **changes)

    rescue._release = release
