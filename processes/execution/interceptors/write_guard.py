"""Refuse what a step writes to the database outside of its commit."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from django.db import connection

from processes.engine.driver import StepAttempt
from processes.engine.kinds import Call
from processes.engine.outcome import Outcome


class ForeignWrite(Exception):
    """A step wrote to the database outside of its commit; say `atomic=True`, or return what is to be saved."""


def refuse_writes(attempt: StepAttempt, proceed: Callable[[], Outcome]) -> Outcome:
    """Raise ForeignWrite in the step for each write but those of the engine; an atomic step may write."""
    if isinstance(attempt.place.leaf, Call) and attempt.place.leaf.atomic:
        return proceed()
    guard, show_progress = WriteGuard(), attempt.context.progress

    def show(value: object) -> None:
        with guard.lifted():
            show_progress(value)

    attempt.context = replace(attempt.context, progress=show)
    with connection.execute_wrapper(guard):
        return proceed()


_READS = ("SELECT", "WITH", "EXPLAIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "SET", "SHOW")
_WRITES = re.compile(r"\b(INSERT\s+INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|MERGE\s+INTO)\b")


def _is_read(sql: str) -> bool:
    words = sql.lstrip(" (\n").upper()
    return words.startswith(_READS) and not (words.startswith("WITH") and _WRITES.search(words))


class WriteGuard:
    """Refuses writes of user code: one that is not part of the commit could happen twice, or without the step."""

    def __init__(self) -> None:
        self._is_lifted = False

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not self._is_lifted and not _is_read(sql):
            raise ForeignWrite(
                f"The step wrote to the database by itself ({sql[:60]}...): return what is to be saved, "
                "or make the step `atomic=True`."
            )
        return execute(sql, *rest)

    @contextmanager
    def lifted(self) -> Iterator[None]:
        """Let the engine's own writes through."""
        self._is_lifted = True
        try:
            yield
        finally:
            self._is_lifted = False
