"""Patterns that a modeller writes, run in time linear in the text, whatever the pattern is: by RE2.

RE2 has no look-around and no back-references. `\\w`, `\\d` and `\\s` are of ASCII, as in JSON Schema and browsers.
"""

import re
from functools import lru_cache
from typing import Any

import re2  # type: ignore[import-untyped] # has none

KEPT = 512
MOST_WORK = 50_000_000
"""Instructions of the compiled pattern times characters of the longest text: about half a second at the very worst."""
_READ_OTHERWISE = re.compile(r"\{[0-9]*,?[0-9]{9,}|\[:\^?[a-z]+:\]")
"""What engines read differently: RE2 takes a huge repetition for a text, others a class of POSIX for single letters."""


def check_pattern(pattern: str, longest: int) -> None:
    """Raise `ValueError` in plain words when texts of up to `longest` characters cannot be held against the pattern."""
    if _READ_OTHERWISE.search(pattern):
        raise ValueError("repeats something more than 1000 times, or has a class such as [:alpha:]")
    size = _compiled(pattern).programsize
    if size * longest > MOST_WORK:
        raise ValueError(f"is too costly for texts of {longest} characters; allow at most {MOST_WORK // size}")


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text matches; `ValueError` for a pattern that cannot be run."""
    return _compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=KEPT)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error)
        raise ValueError(f"cannot be run in linear time: {reason}") from error
