"""A plan as it is stored: its steps in order; two plans laid side by side; whether a process may go on. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
    """One line of a comparison: the step of each plan, or None where a plan has none there."""

    before: PlanStep | None
    after: PlanStep | None

    @property
    def mark(self) -> PlanMark:
        if self.before is None:
            return PlanMark.ADDED
        if self.after is None:
            return PlanMark.REMOVED
        return PlanMark.SAME if self.before.identity == self.after.identity else PlanMark.CHANGED


def compare(before: Sequence[PlanStep], after: Sequence[PlanStep]) -> tuple[PlanRow, ...]:
    """Both plans in order, steps of one path on one line; a step that moved is removed here and added there."""
    return tuple(_lines(before, after))


def _lines(before: Sequence[PlanStep], after: Sequence[PlanStep]) -> Iterator[PlanRow]:
    paths = [one.path for one in before], [one.path for one in after]
    for tag, b0, b1, a0, a1 in SequenceMatcher(None, *paths, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from map(PlanRow, before[b0:b1], after[a0:a1])
        else:
            yield from (PlanRow(one, None) for one in before[b0:b1])
            yield from (PlanRow(None, one) for one in after[a0:a1])


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
