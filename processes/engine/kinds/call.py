"""A call: a step that runs a function of its author."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from processes.engine.kinds.node import Leaf, State
from processes.engine.values.retry import NO_RETRY, Retry
from processes.engine.values.status import StepKind


class OnCrash(StrEnum):
    """What is done when a worker dies during a step, and nobody knows whether its effect took place."""

    RETRY = "retry"
    ASK = "ask"


@dataclass(frozen=True)
class Call(Leaf):
    """Run a function. `timeout` is in seconds; `system` names the external system that it calls."""

    retry: Retry = NO_RETRY
    atomic: bool = False
    timeout: float | None = None
    on_crash: OnCrash = OnCrash.RETRY
    verify: Callable[..., State | None] | None = None
    system: str = ""

    kind: ClassVar[StepKind] = StepKind.STEP

    @property
    def asks_after_crash(self) -> bool:
        """Whether a person must say if its effect took place, since nothing else can tell."""
        return self.on_crash is OnCrash.ASK and self.verify is None
