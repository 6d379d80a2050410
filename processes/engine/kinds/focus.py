"""A focus: nodes that see one object of the state as if it were the whole."""

from dataclasses import dataclass, replace

from processes.engine.kinds.node import Composite, Surroundings


@dataclass(frozen=True)
class Focus(Composite):
    """What is under `part` of the state is all that steps in here see; what they return goes in there."""

    part: str = ""

    def surround(self, outer: Surroundings) -> Surroundings:
        inner = super().surround(outer)
        return replace(inner, focus=(*inner.focus, self.part))
