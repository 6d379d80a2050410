"""A group: nodes under a common path, each of which commits by itself."""

from dataclasses import dataclass, replace
from enum import StrEnum

from processes.engine.kinds.node import Composite, Surroundings


class GroupRetry(StrEnum):
    """Where a retry of a group goes on: at the step that failed, or at the first one."""

    STEP = "step"
    WHOLE = "whole"


@dataclass(frozen=True)
class Group(Composite):
    """Nodes in order. With `retry` WHOLE a retry begins the outermost such group again, one visit later."""

    name: str = ""
    retry: GroupRetry = GroupRetry.STEP

    def surround(self, outer: Surroundings) -> Surroundings:
        inner = super().surround(outer)
        if self.retry is GroupRetry.WHOLE and not outer.restart_at:
            return replace(inner, restart_at=inner.path)
        return inner
