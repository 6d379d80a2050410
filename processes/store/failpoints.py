"""Named places in the engine's transactions where a test may look, stop a worker or kill it. Free when nobody listens.

`ENGINE_FAILPOINT=commit-moved@2` kills the operating-system process (SIGKILL) the second time it comes to that place.
"""

import os
import signal
from collections.abc import Callable
from itertools import count

POINTS = (
    "start-locked", "start-bound", "start-ready", "started",
    "claimed", "step-begins", "step-returned",
    "commit-moved", "commit-saved", "commit-ended", "committed",
    "handed-back", "recovery-recorded", "recovered",
    "answer-written", "answered", "retry-locked", "retried", "abort-written", "aborted",
)  # fmt: skip
"""Every place there is. Those in the past tense come after the transaction, the others lie before or within it."""

_listener: Callable[[str], None] | None = None


def hit(point: str) -> None:
    """Come to a place: tell the listener, if there is one."""
    if _listener is not None:
        _listener(point)


def listen(listener: Callable[[str], None] | None) -> None:
    """Call this at every place from now on; None for nobody."""
    global _listener  # noqa: PLW0603 - one listener for the operating-system process
    _listener = listener


def killer(order: str) -> Callable[[str], None]:
    """A listener that kills this operating-system process at `point`, or at its nth time in `point@n`.

    Raises ValueError for a place that is not there.
    """
    point, _, number = order.partition("@")
    if point not in POINTS:
        raise ValueError(f"ENGINE_FAILPOINT names the unknown point {point!r}; known points: {', '.join(POINTS)}.")
    hits, fatal = count(1), int(number or 1)

    def kill(point_hit: str) -> None:
        if point_hit == point and next(hits) == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    return kill


if ordered := os.environ.get("ENGINE_FAILPOINT"):
    listen(killer(ordered))
