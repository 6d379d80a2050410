"""The plan of a process as its page shows it: cut into folds, which are numbered from 1. A short one is one fold.

What was recorded under another key of a step (`formerly=` in the present definition) is that step's: ask `path_of`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from processes.engine.plan import PlanStep
from processes.engine.values.status import StepKind
from processes.engine.values.words import read_word
from processes.models import Process, WorkflowVersion
from processes.plugins import registry

FOLD = 50
"""Steps of a fold."""
LONGEST_WHOLE = 75
"""A plan of so many steps is not cut."""
NEAR = 5
"""A fold that is so many steps away from where the process stands is shown as well."""


@dataclass(frozen=True)
class Plan:
    """The steps of a plan in order; a place is the index of one of them.

    `known_as` has all paths of each step that the present definition knows under several ones.
    """

    steps: Sequence[PlanStep]
    known_as: Sequence[Sequence[str]] = ()

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each step stands, by every path that it has or had."""
        own = {step.path: place for place, step in enumerate(self.steps)}
        others: dict[str, int] = {}
        for paths in self.known_as:
            here = [own[path] for path in paths if path in own]
            others |= dict.fromkeys(paths, here[-1]) if here else {}
        return others | own

    def path_of(self, path: str) -> str:
        """The path that a step has in this plan; what the plan does not have keeps its own."""
        place = self.places.get(path)
        return path if place is None else self.steps[place].path

    def paths_of(self, steps: Iterable[PlanStep]) -> list[str]:
        """Every path under which these steps may have been recorded."""
        return [path for step in steps for path in (step.path, *self._others.get(step.path, ()))]

    @cached_property
    def _others(self) -> Mapping[str, Sequence[str]]:
        others: dict[str, list[str]] = {}
        for path, place in self.places.items():
            if path != self.steps[place].path:
                others.setdefault(self.steps[place].path, []).append(path)
        return others

    @cached_property
    def by_anchor(self) -> Mapping[str, str]:
        """The path of each step by the id of its element, also by those that it would have under its other paths."""
        return {step_anchor(path): self.path_of(path) for path in self.places}

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


def step_anchor(path: str) -> str:
    """A path as the id of an element: of letters, digits, `-` and `_`, since htmx takes it for a selector."""
    if not path:
        return "process-end"
    return "step-" + "".join(one if one.isascii() and (one.isalnum() or one == "-") else _bytes(one) for one in path)


def _bytes(letter: str) -> str:
    return "".join(f"_{byte:02x}" for byte in letter.encode())


def plan_steps(plan: Iterable[Mapping[str, Any]]) -> list[PlanStep]:
    """A plan as it is stored, step by step."""
    return [PlanStep(str(step["path"]), str(step["name"]), read_word(StepKind, step["kind"])) for step in plan]


def plan_of(process: Process) -> Plan:
    """The plan that a process began with, or has adopted since, with what the present definition calls its steps."""
    workflow = registry.all_workflows().get(process.workflow_name)
    known_as = workflow.tree.former_paths if workflow else ()
    return _plan(process.workflow_version_id, process.workflow_version.fingerprint, known_as)


@lru_cache(maxsize=16)  # it never changes, and 1 000 steps take 3 ms to read, of the 8 of a refresh
def _plan(version_id: int, fingerprint: str, known_as: tuple[tuple[str, ...], ...]) -> Plan:  # noqa: ARG001 - stands for the steps
    return Plan(plan_steps(WorkflowVersion.objects.values_list("plan", flat=True).get(pk=version_id)), known_as)
