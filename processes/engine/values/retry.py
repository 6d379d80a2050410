"""When a failed step is tried again by itself."""

import random
from dataclasses import dataclass

from processes.engine.values.foreign_errors import retry_after

MOST_TRIES_UNASKED = 100
"""Tries of a step without a policy whose error says itself when to try again."""


@dataclass(frozen=True)
class Retry:
    """`tries` in all (1 is no retry), the next after `delay` seconds, then longer by `factor`, up to `cap` seconds.

    `jitter` is the share of each delay that is left to chance (0 to 1), so that many processes do not come back at
    once. Only exceptions of the classes in `on` are tried again; others fail the step at once.
    """

    tries: int = 1
    delay: float = 1.0
    factor: float = 2.0
    cap: float = 300.0
    jitter: float = 0.2
    on: tuple[type[Exception], ...] = (Exception,)

    def __post_init__(self) -> None:
        if self.tries < 1 or self.delay < 0 or self.factor < 1 or self.cap < 0 or not 0 <= self.jitter <= 1:
            raise ValueError("Retry needs tries >= 1, delay and cap >= 0, factor >= 1 and jitter between 0 and 1.")

    def seconds_before_next(self, attempt: int, error: Exception, chance: float | None = None) -> float | None:
        """Seconds until the try after `attempt` (counted from 1), or None when there is none.

        An error that says itself when to try again is not tried before that, and is whatever its class. `chance`
        between 0 and 1 takes the place of the random number.
        """
        told = retry_after(error)
        if self.tries == 1 and told is not None:
            return told if attempt < MOST_TRIES_UNASKED else None
        if attempt >= self.tries or not (isinstance(error, self.on) or told is not None):
            return None
        share = random.random() if chance is None else chance  # noqa: S311 - spreads load, guards nothing
        return max(told or 0.0, self._full_delay(attempt) * (1 - self.jitter * share))

    def _full_delay(self, attempt: int) -> float:
        try:
            return min(self.cap, self.delay * self.factor ** (attempt - 1))
        except OverflowError:
            return self.cap if self.delay else 0.0


NO_RETRY = Retry()
