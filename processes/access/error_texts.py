"""Texts of exceptions and tracebacks are for those who may look into the engine; others read a plain sentence.

An exception says what an external system answered, names of hosts, and now and then what should not be told at all.
"""

from collections.abc import Mapping
from typing import Any

from processes.access.permissions import Action, decide
from processes.access.viewer import present_viewer

PLAIN = "This step failed. Operators can see the details."


def are_shown() -> bool:
    """Whether whoever looks may read them; workers and commands, for whom nobody looks, do."""
    viewer = present_viewer()
    return viewer is None or decide(viewer, Action.WATCH).allowed


def reason(text: str | None) -> str | None:
    """Why something failed, for whoever looks."""
    return text if not text or are_shown() else PLAIN


def traceback(text: str | None) -> str | None:
    """A traceback, or nothing."""
    return text if text and are_shown() else None


def error(kept: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What is kept of an error (class, message, traceback), for whoever looks; its class has no secrets."""
    if kept is None:
        return None
    return dict(kept) if are_shown() else {"class": kept.get("class", ""), "message": PLAIN}
