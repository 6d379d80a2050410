"""Refuse what a step writes to the database outside of its commit."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from processes.engine.driver import StepAttempt
from processes.engine.kinds import Call
from processes.engine.outcome import Outcome


class ForeignWrite(Exception):
    """A step wrote to the database outside of its commit; say `atomic=True`, or return what is to be saved."""


_is_lifted: ContextVar[bool] = ContextVar("writes of the engine", default=False)


def refuse_writes(attempt: StepAttempt, proceed: Callable[[], Outcome]) -> Outcome:
    """Raise ForeignWrite in the step for each write but those of the engine; an atomic step may write."""
    if isinstance(attempt.place.leaf, Call) and attempt.place.leaf.atomic:
        return proceed()
    with connections[DEFAULT_DB_ALIAS].execute_wrapper(refuse):
        return proceed()


@contextmanager
def writes_of_engine() -> Iterator[None]:
    """Let through what the engine itself writes while a step runs."""
    token = _is_lifted.set(True)
    try:
        yield
    finally:
        _is_lifted.reset(token)


def refuse(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
    """Refuse writes of user code: one that is not part of the commit could happen twice, or without the step."""
    if not _is_lifted.get() and not _is_read(sql):
        raise ForeignWrite(
            f"The step wrote to the database by itself ({sql[:60]}...): return what is to be saved, "
            "or make the step `atomic=True`."
        )
    return execute(sql, *rest)


_READS = ("SELECT", "WITH", "EXPLAIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "SET", "SHOW")
_WRITES = re.compile(r"\b(INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|MERGE\s+INTO)\b")


def _is_read(sql: str) -> bool:
    words = sql.lstrip(" (\n").upper()
    return words.startswith(_READS) and not (words.startswith("WITH") and _WRITES.search(words))
