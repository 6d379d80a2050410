"""Bugs planted on purpose: each must be found, or the tests that look for it are worth nothing.

They change the texts and functions of the engine as they are, so that one that changes nothing is noticed. Those with a
number are the ones that every engine of this kind is tried with; M5 (events that leave a transaction), M10 and M11
(waits, early arrivals and callbacks) have no subject yet.
"""

import inspect
import sys
from collections.abc import Callable
from textwrap import dedent
from types import ModuleType
from typing import Any

from processes.engine import transitions
from processes.execution import drive, recovery
from processes.store import commits
from processes.store.sql import both, sqlite
from tests.faults import actors
from tests.faults.memory import SECOND, clock, database

PLANTS: dict[str, Callable[[], None]] = {}


def planted(name: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    def note(function: Callable[[], None]) -> Callable[[], None]:
        PLANTS[name] = function
        return function

    return note


def plant(name: str) -> None:
    """Make the engine of this process wrong, for good. Raises KeyError for an unknown plant."""
    PLANTS[name]()


def _rewrite_text(module: ModuleType, name: str, old: str, new: str) -> None:
    text = getattr(module, name)
    assert old in text, f"{name} does not say {old!r} any more"
    setattr(module, name, text.replace(old, new))


def _rewrite_function(function: Callable[..., Any], old: str, new: str) -> None:
    """Everywhere it was imported to."""
    module, name = sys.modules[function.__module__], function.__name__
    text = dedent(inspect.getsource(function))
    assert old in text, f"{name} does not say {old!r} any more"
    names = dict(vars(module))
    exec(compile(text.replace(old, new), f"<{name} with a bug>", "exec"), names)
    for one in list(sys.modules.values()):
        for known, value in list(vars(one).items()):
            if value is function:
                setattr(one, known, names[name])


def _of_module(path: str, name: str) -> Callable[..., Any]:
    """A function of a module whose name its package gives to something else."""
    found: Callable[..., Any] = getattr(sys.modules[path], name)
    return found


@planted("M1")
def no_fence() -> None:
    """A commit does not ask for the fence; the unique index refuses it all the same."""
    _rewrite_text(sqlite, "APPLY", "AND fence = %(at_fence)s", "AND %(at_fence)s IS NOT NULL")


@planted("M2")
def no_unique_result() -> None:
    """The table takes two successes of one step; the fence keeps them away all the same."""
    database.connection.execute("DROP INDEX step_one_committed_success")


@planted("M3")
def no_fence_and_no_unique_result() -> None:
    """Neither of both is there."""
    no_fence()
    no_unique_result()


@planted("M4")
def row_in_a_second_transaction() -> None:
    """What became of a step is written after the process has moved on."""
    _rewrite_function(
        commits.apply,
        """
        return _apply_in_turn(process_id, values, record)
""",
        """
        moved = _apply_in_turn(process_id, values, None)
    if record is not None:
        with connection.cursor() as cursor:
            at = text_of(moved.at)
            over = {"row_moved_at": at, "row_sequence": moved.sequence if record.is_numbered else None}
            cursor.execute(sqlite.RECORD, values | over | {"row_completed_at": at if _is_over(record) else None})
    return moved
""",
    )


@planted("M6")
def recovery_without_fence() -> None:
    """A recovery leaves the fence as it is; the next claim raises it all the same."""
    _rewrite_function(transitions.lost, "        fence=Fence.RAISED,\n", "")


@planted("M7")
def recovery_to_the_end_of_the_line() -> None:
    """A recovered process queues up anew."""
    _rewrite_function(transitions.lost, "status=ProcessStatus.RESUMED,", "status=ProcessStatus.RESUMED, ready_in=0.0,")


@planted("M8")
def attempt_after_user_code() -> None:
    """The try is counted by its commit, not by its claim."""
    _rewrite_text(sqlite, "CLAIM", "  position_attempt = position_attempt + 1,", " ")
    _rewrite_text(sqlite, "CLAIM", "  position_attempt, retry_base", "  position_attempt + 1, retry_base")


@planted("M9")
def lock_released_before_commit() -> None:
    """The locks of a process that ends are released in a transaction before the one that ends it."""
    _rewrite_function(
        drive._write,
        "    with transaction.atomic():",
        """\
    if commit.releases:
        finish(run.claim.process_id, None, commit.transition.status, state={}, by=SYSTEM)
    with transaction.atomic():""",
    )


@planted("M12")
def clock_of_the_host() -> None:
    """Leases are told by the clock of the worker's host."""
    _use_clocks_of_hosts()
    _rewrite_text(sqlite, "CLAIM", "engine_now(%(lease_seconds)s)", "host_now(%(lease_seconds)s)")
    _rewrite_text(sqlite, "APPLY", "engine_now(%(lease_seconds)s)", "host_now(%(lease_seconds)s)")
    _rewrite_text(both, "EXTEND_LEASE", "engine_now(%(seconds)s)", "host_now(%(seconds)s)")


def _use_clocks_of_hosts() -> None:
    def now(seconds: float) -> str:
        skew = actors.stage.acting.skew if actors.stage.acting else 0
        return clock.text(clock.micros + round((seconds + skew) * SECOND))

    database.connection.create_function("host_now", 1, now)


@planted("M13")
def truncated_seconds() -> None:
    """Whole seconds tell whether a try is due."""
    _rewrite_text(both, "READY", "ready_at <=", "substr(ready_at, 1, 19) <=")
    _rewrite_text(sqlite, "CLAIM", "ready_at <=", "substr(ready_at, 1, 19) <=")


@planted("M14")
def note_after_the_act() -> None:
    """The idempotency key of a start is stored when the process has been."""
    _rewrite_function(
        _of_module("processes.actions.start", "start"),
        "    process = unless_recorded(lambda: _create(new, record, by), name, operation, idempotency_key, asked)\n",
        """\
    process = unless_recorded(lambda: _create(new, None, by), name, operation, idempotency_key, asked)
    if record is not None:
        record.save(force_insert=True)
""",
    )


@planted("M15")
def commit_after_abort() -> None:
    """A commit does not ask whether the process still runs; the fence that an abort raises refuses it all the same."""
    _rewrite_text(sqlite, "APPLY", " AND run_state = %(at_run_state)s", " AND %(at_run_state)s <> ''")


@planted("M15 and no fence at an abort")
def commit_after_abort_without_fence() -> None:
    """Neither of both is there."""
    commit_after_abort()
    _rewrite_function(transitions.aborted, ", fence=Fence.RAISED", "")


@planted("a lease that is not looked at again")
def recovery_of_the_living() -> None:
    """A worker that beats between the search of a recovery and the recovery loses its process all the same."""
    _rewrite_function(
        recovery._isolated,
        "held.select_for_update(skip_locked=True).filter(pk=process_id, fence=fence)",
        "Process.objects.select_for_update(skip_locked=True).filter(pk=process_id, fence=fence)",
    )
