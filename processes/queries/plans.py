"""The plan of a process as its page shows it: cut into folds, which are numbered from 1. A short one is one fold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from processes.engine.plan import PlanStep
from processes.models import Process, WorkflowVersion
from processes.queries.timeline import plan_steps, step_anchor

FOLD = 50
"""Steps of a fold."""
LONGEST_WHOLE = 75
"""A plan of so many steps is not cut."""
NEAR = 5
"""A fold that is so many steps away from where the process stands is shown as well."""


@dataclass(frozen=True)
class Plan:
    """The steps of a plan in order; a place is the index of one of them."""

    steps: Sequence[PlanStep]

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each step stands, by its path."""
        return {step.path: place for place, step in enumerate(self.steps)}

    @cached_property
    def by_anchor(self) -> Mapping[str, str]:
        """The path of each step by the id of its element."""
        return {step_anchor(step.path): step.path for step in self.steps}

    @property
    def size(self) -> int:
        """Steps of a fold."""
        return FOLD if len(self.steps) > LONGEST_WHOLE else max(1, len(self.steps))

    @property
    def folds(self) -> range:
        """The numbers of all folds; of a plan without steps it is one."""
        return range(1, max(1, -(-len(self.steps) // self.size)) + 1)

    def part(self, fold: int) -> Sequence[PlanStep]:
        """The steps of a fold."""
        return self.steps[(fold - 1) * self.size : fold * self.size]

    def fold_of(self, path: str) -> int:
        """The fold in which a step of the plan stands."""
        return self.fold_at(self.places[path])

    def fold_at(self, place: int) -> int:
        """The fold of a place; what stands before the first step is in the first."""
        return max(0, place) // self.size + 1

    def near(self, place: int) -> set[int]:
        """The fold of a place, and the one before or after it when that is near."""
        return {self.fold_at(near) for near in (place - NEAR, place, min(place + NEAR, len(self.steps) - 1))}


def plan_of(process: Process) -> Plan:
    """The plan that a process began with."""
    return _plan(process.workflow_version_id, process.workflow_version.fingerprint)


@lru_cache(maxsize=16)  # it never changes, and 1 000 steps take 3 ms to read, of the 8 of a refresh
def _plan(version_id: int, fingerprint: str) -> Plan:  # noqa: ARG001 - stands for the steps
    return Plan(plan_steps(WorkflowVersion.objects.values_list("plan", flat=True).get(pk=version_id)))
