"""The steps of a process as its page shows them: folds, of which only some have their steps on the page."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from django.db.models import Max

from processes.engine.plan import PlanStep
from processes.engine.values.status import COMMITTED_STATUSES, StepKind, StepStatus
from processes.models import Process, Step
from processes.queries.plans import Plan, plan_of
from processes.queries.timeline import TimelineStep, planned_step, recorded_step, rows_by_step, with_changes

MOST_FAILED = 4
"""Folds that are shown because a step in them has failed; of others their counts tell."""
FAILED = frozenset({StepStatus.FAILED, StepStatus.CRASHED})

Edits = Mapping[int, Sequence[Step]]
"""What people did, by the place in the plan behind which it stands."""
Try = tuple[int, str, str, str]
"""The row of a try in brief: id, path, status and kind."""


@dataclass(frozen=True)
class Fold:
    """Steps of a plan that are shown or folded away together; `steps` is None while they are folded away.

    `first` and `last` are their numbers in the plan; `is_only` means that the plan has no other fold.
    """

    number: int
    first: int
    last: int
    done: int
    failed: int
    is_only: bool
    steps: Sequence[TimelineStep] | None = None

    @property
    def size(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True)
class PageSteps:
    """All folds of a process, and `extras`, which its plan does not have; `last_row` is the newest row of a try."""

    folds: Sequence[Fold]
    extras: Sequence[TimelineStep]
    done: int
    number: int
    last_row: int


@dataclass
class Tries:
    """What tries came to, the oldest first: the status of the latest of each step, in the order of their firsts."""

    plan: Plan
    rows: Iterable[Try]
    statuses: dict[str, str] = field(default_factory=dict)
    committed: set[str] = field(default_factory=set)
    last_row: int = 0
    last_path: str = ""
    has_edits: bool = False

    def __post_init__(self) -> None:
        for row_id, recorded_path, status, kind in self.rows:
            path = self.plan.path_of(recorded_path)
            self.last_row = row_id
            if kind == StepKind.EDIT:
                self.has_edits = True
                continue
            self.last_path = path or self.last_path
            self.statuses[path] = status
            if status in COMMITTED_STATUSES:
                self.committed.add(path)

    def failed(self, steps: Sequence[PlanStep]) -> int:
        """How many of these steps have failed."""
        return sum(self.statuses.get(step.path) in FAILED for step in steps)

    def fold(self, number: int, steps: Sequence[TimelineStep] | None = None) -> Fold:
        """A fold with its counts."""
        plan, part = self.plan, self.plan.part(number)
        first = (number - 1) * plan.size + 1
        done = sum(step.path in self.committed for step in part)
        last = first + len(part) - 1
        return Fold(number, first, last, done, self.failed(part), len(plan.folds) == 1, steps)


def page_steps(process: Process, opened: Collection[int] = ()) -> PageSteps:
    """Every fold; with steps are those that are `opened`, near where the process stands, or have failed steps."""
    plan = plan_of(process)
    rows = [*process.steps.order_by("id")] if len(plan.folds) == 1 else None  # all are shown: no need to ask twice
    tries = Tries(plan, _in_brief(process, rows))
    place = plan.places.get(process.position_path, plan.places.get(tries.last_path, 0))
    failed = [number for number in plan.folds if tries.failed(plan.part(number))][:MOST_FAILED]
    shown = {*plan.near(place), *failed, *opened} & {*plan.folds}
    extras = [path for path in tries.statuses if path not in plan.places]
    edits = edits_by_place(process, plan) if tries.has_edits else {}
    steps = steps_of(process, plan, folds=shown, edits=edits, paths=extras, rows=rows)
    return PageSteps(
        folds=[tries.fold(number, steps.get(number)) for number in plan.folds],
        extras=steps[SINGLE],
        done=len(tries.committed),
        number=len(plan.steps) + sum(path in tries.committed for path in extras),
        last_row=tries.last_row,
    )


def _in_brief(process: Process, rows: Iterable[Step] | None) -> Iterable[Try]:
    """These rows as far as folds are counted by them; of all that there are when none are given."""
    if rows is None:
        return process.steps.order_by("id").values_list("id", "path", "status", "kind")
    return [(row.pk, row.path, row.status, row.kind) for row in rows]


def fold_of(process: Process, number: int) -> Fold | None:
    """One fold with its steps, or None when the plan has none of that number."""
    plan = plan_of(process)
    if number not in plan.folds:
        return None
    tries, edits = tries_in(process, plan, [number]), edits_by_place(process, plan)
    return tries.fold(number, steps_of(process, plan, folds=[number], edits=edits)[number])


def tries_in(process: Process, plan: Plan, folds: Iterable[int]) -> Tries:
    """What the tries of these folds came to."""
    paths = plan.paths_of(step for number in folds for step in plan.part(number))
    rows = process.steps.filter(path__in=paths).order_by("id")
    return Tries(plan, rows.values_list("id", "path", "status", "kind"))


SINGLE = 0
"""Where `steps_of` puts those that were asked for by path."""


def steps_of(
    process: Process,
    plan: Plan,
    *,
    folds: Collection[int],
    edits: Edits,
    paths: Sequence[str] = (),
    rows: Sequence[Step] | None = None,
) -> Mapping[int, Sequence[TimelineStep]]:
    """The steps of whole folds, each with what people did in between, and single ones under `SINGLE`.

    `rows` are those of all tries, where they are known already.
    """
    single = [plan.steps[plan.places[path]] for path in paths if path in plan.places]
    whole = (step for number in folds for step in plan.part(number))
    if rows is None:
        wanted = [*paths, *plan.paths_of([*single, *whole])]
        rows = [*process.steps.filter(path__in=wanted).order_by("id")]
    by_step = rows_by_step(rows, plan)
    steps = {number: [*_fold_steps(process, plan, number, by_step, edits)] for number in folds}
    steps[SINGLE] = [_step(process, plan, path, by_step.get(path, [])) for path in paths]
    told = iter(with_changes(process.pk, [step for group in steps.values() for step in group]))
    return {number: [*islice(told, len(group))] for number, group in steps.items()}


def edits_by_place(process: Process, plan: Plan) -> Edits:
    """What people did, by the place in the plan behind which it stands: of all committed before it, the last."""
    edits = list(process.steps.filter(kind=StepKind.EDIT).order_by("sequence"))
    if not edits:
        return {}
    committed = process.steps.filter(sequence__isnull=False).order_by().values_list("path").annotate(Max("sequence"))
    reached = [(plan.places[path], sequence) for path, sequence in committed if path in plan.places]
    places: dict[int, list[Step]] = {}
    for edit in edits:
        before = [place for place, sequence in reached if sequence < (edit.sequence or 0)]
        places.setdefault(max(before, default=BEFORE_ALL), []).append(edit)
    return places


BEFORE_ALL = -1
"""The place of what was done before any step."""


def _fold_steps(
    process: Process, plan: Plan, number: int, rows: Mapping[str, Sequence[Step]], edits: Edits
) -> Iterator[TimelineStep]:
    if number == plan.folds[0]:
        yield from (recorded_step([edit]) for edit in edits.get(BEFORE_ALL, []))
    for step in plan.part(number):
        yield planned_step(process, plan, step, rows.get(step.path, []))
        yield from (recorded_step([edit]) for edit in edits.get(plan.places[step.path], []))


def _step(process: Process, plan: Plan, path: str, rows: Sequence[Step]) -> TimelineStep:
    place = plan.places.get(path)
    return recorded_step(rows) if place is None else planned_step(process, plan, plan.steps[place], rows)
