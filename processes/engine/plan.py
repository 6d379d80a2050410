"""A plan as it is stored: its steps in order; two plans laid side by side; whether a process may go on. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from processes.engine.values.status import StepKind

AT_END = ""
"""The path of a process that has no step left."""


@dataclass(frozen=True)
class PlanStep:
    """A step as it is stored: its path and kind, which identify it, and the name that is shown."""

    path: str
    name: str
    kind: StepKind

    @property
    def identity(self) -> tuple[str, str]:
        return self.path, self.kind.value

    def as_json(self) -> dict[str, str]:
        return {"path": self.path, "name": self.name, "kind": self.kind.value}


class PlanMark(StrEnum):
    """What became of a step between two plans."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class PlanRow:
    """One line of a comparison: the step of each plan, or None where a plan has none there.

    `is_current` says that the process in question stands at the step of the former plan.
    """

    before: PlanStep | None
    after: PlanStep | None
    is_current: bool = False

    @property
    def mark(self) -> PlanMark:
        if self.before is None:
            return PlanMark.ADDED
        if self.after is None:
            return PlanMark.REMOVED
        return PlanMark.SAME if self.before.kind == self.after.kind else PlanMark.CHANGED


def compare(
    before: Sequence[PlanStep], after: Sequence[PlanStep], renamed: Callable[[str], str] = str, *, at: str = AT_END
) -> tuple[PlanRow, ...]:
    """Both plans in order, steps of one path on one line; a step that moved is removed here and added there.

    `renamed` gives the present path of a former one, `at` is where the process in question stands.
    """
    rows = _lines(before, after, renamed)
    return tuple(
        replace(row, is_current=row.before is not None and renamed(row.before.path) == renamed(at)) for row in rows
    )


def _lines(before: Sequence[PlanStep], after: Sequence[PlanStep], renamed: Callable[[str], str]) -> Iterator[PlanRow]:
    paths = [renamed(step.path) for step in before], [step.path for step in after]
    for tag, b0, b1, a0, a1 in SequenceMatcher(None, *paths, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from map(PlanRow, before[b0:b1], after[a0:a1])
        else:
            yield from (PlanRow(step, None) for step in before[b0:b1])
            yield from (PlanRow(None, step) for step in after[a0:a1])


def is_compatible(
    before: Sequence[Mapping[str, str]], after: Sequence[PlanStep], path: str, renamed: Callable[[str], str] = str
) -> bool:
    """Whether a process that began under the plan `before` and stands at `path` may go on under the plan `after`.

    It may when everything up to and including its position is unchanged; what comes later may differ. A step is known
    by its path and kind: its name may change. `renamed` gives the present path of a former one.
    """
    known = [(renamed(step["path"]), step["kind"]) for step in before]
    present = [(step.path, step.kind.value) for step in after]
    if path == AT_END:
        return present[: len(known)] == known
    paths = [known_path for known_path, _ in known]
    if renamed(path) not in paths:
        return False
    prefix = paths.index(renamed(path)) + 1
    return present[:prefix] == known[:prefix]
