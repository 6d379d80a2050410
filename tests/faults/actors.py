"""Who acts in a schedule: coroutines that hand over outside of transactions, and that may be killed anywhere."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from greenlet import greenlet

from tests.faults.memory import database


class Died(BaseException):
    """A process of the operating system is gone, in the middle of whatever it did."""


class Actor:
    """A worker, a recovery or a request of a person. `skew`: seconds by which the clock of its host is wrong."""

    def __init__(self, name: str, role: str, work: Callable[[], None], wrapper: Any, skew: float = 0) -> None:
        self.name, self.role, self.work, self.skew = name, role, work, skew
        self.runs_at = 0
        self._wrappers = [wrapper]
        self._scheduler = greenlet.getcurrent()
        self._routine = greenlet(work)

    @property
    def has_ended(self) -> bool:
        return bool(self._routine.dead)

    def run(self) -> None:
        """Let it go on until it hands over or ends. Raises Died, and whatever else ends it."""
        self._enter(self._routine.switch)

    def kill(self) -> None:
        """End it where it stands; its transaction, if it is in one, is rolled back on the way out."""
        if self._routine:
            try:
                self._enter(lambda: self._routine.throw(Died))
            except Died:
                return

    def hand_over(self) -> None:
        """Let others act. Only it calls this."""
        self._scheduler.switch()

    def _enter(self, switch: Callable[[], object]) -> None:
        """Its statements have wrappers of their own, as if it had a connection of its own."""
        stage.acting, database.execute_wrappers = self, self._wrappers
        try:
            switch()
        finally:
            self._wrappers, database.execute_wrappers = database.execute_wrappers, []
            stage.acting = None


@dataclass
class Stage:
    """Who acts now (None while the scheduler decides), and who will never act again."""

    acting: Actor | None = None
    dead: set[str] = field(default_factory=set)


stage = Stage()
