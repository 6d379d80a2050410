"""An input: a step that waits for a person's answers; its function is a form."""

from dataclasses import dataclass
from typing import ClassVar

from processes.engine.kinds.node import Leaf
from processes.engine.values.status import StepKind


@dataclass(frozen=True)
class Input(Leaf):
    """Ask a person of `assignee`, such as "NOC"."""

    assignee: str = "SYSTEM"

    kind: ClassVar[StepKind] = StepKind.INPUT
