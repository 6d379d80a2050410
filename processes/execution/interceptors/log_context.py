"""For which process and step a log line is written. It costs a step a microsecond; nothing is bound by name.

Formatters ask `current_log_context`. Neither Django nor structlog is known here: formatters are made before either.
"""

from collections.abc import Mapping
from contextvars import ContextVar, Token
from types import TracebackType
from typing import Self

_words: ContextVar[Mapping[str, object]] = ContextVar("log_context", default={})  # noqa: B039 - never changed


def current_log_context() -> Mapping[str, object]:
    """What a line that is written now is about; empty outside of any process."""
    return _words.get()


class log_context:  # noqa: N801 - reads as a verb
    """Let lines within the block say these words too: `with log_context(step="a"): ...`."""

    __slots__ = ("_given", "_token")

    def __init__(self, **given: object) -> None:
        self._given = given

    def __enter__(self) -> Self:
        self._token: Token[Mapping[str, object]] = _words.set({**_words.get(), **self._given})
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        _words.reset(self._token)
