"""A conditional: nodes of which each runs only if a predicate holds when it is due, and is skipped otherwise."""

from dataclasses import dataclass, replace

from processes.engine.kinds.node import Composite, Condition, Predicate, Surroundings


@dataclass(frozen=True)
class Conditional(Composite):
    """Ask `predicate(state)` before each step in here."""

    predicate: Predicate = bool

    def surround(self, outer: Surroundings) -> Surroundings:
        inner = super().surround(outer)
        return replace(inner, conditions=(*inner.conditions, Condition(self.predicate, inner.focus)))
