"""What has happened to the steps of a process since somebody looked: as much as happened, however long it is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from processes.engine.values.status import COMMITTED_STATUSES, StepKind
from processes.models import Process
from processes.queries.folds import SINGLE, Fold, edits_by_place, steps_of, tries_in
from processes.queries.plans import Plan, plan_of
from processes.queries.timeline import TimelineStep


@dataclass(frozen=True)
class StepNews:
    """What an open page lacks: single steps; counts of folds; whole folds; all `extras`, or None when none is new."""

    steps: Sequence[TimelineStep]
    counts: Sequence[Fold]
    opened: Sequence[Fold]
    extras: Sequence[TimelineStep] | None
    done: int
    last_row: int


def step_news(process: Process, *, last_row: int, place: int, held: Collection[int]) -> StepNews:
    """What is new for a page that knows the rows up to `last_row`, and the process at this `place` of its plan.

    `held` are the folds whose steps it has; of others it is told the counts. Where the process stands now is opened.
    """
    plan = plan_of(process)
    rows = list(process.steps.filter(pk__gt=last_row).order_by("pk").values_list("pk", "path", "kind"))
    here = plan.places.get(process.position_path, -1)
    places = {plan.places[path] for _, path, _ in rows if path in plan.places}
    places |= {stand for stand in (place, here) if 0 <= stand < len(plan.steps)}
    whole = {plan.fold_at(here)} - {*held} if here >= 0 else set()
    edits = edits_by_place(process, plan) if whole or any(kind == StepKind.EDIT for _, _, kind in rows) else {}
    if any(kind == StepKind.EDIT for _, _, kind in rows):
        whole |= {plan.fold_at(place) for place in edits} & {*held}
    strangers = _strangers(process, plan) if _has_strangers(rows, plan) else []
    single = [plan.steps[one].path for one in sorted(places) if plan.fold_at(one) in {*held} - whole]
    touched = sorted({plan.fold_at(one) for one in places} | whole)
    tries = tries_in(process, plan, touched)
    steps = steps_of(process, plan, folds=whole, edits=edits, paths=[*single, *strangers])
    return StepNews(
        steps=steps[SINGLE][: len(single)],
        counts=[tries.fold(number) for number in touched if number not in whole],
        opened=[tries.fold(number, steps[number]) for number in sorted(whole)],
        extras=steps[SINGLE][len(single) :] if strangers else None,
        done=_done(process, plan),
        last_row=rows[-1][0] if rows else last_row,
    )


def _has_strangers(rows: Sequence[tuple[int, str, str]], plan: Plan) -> bool:
    return any(path not in plan.places and kind != StepKind.EDIT for _, path, kind in rows)


def _strangers(process: Process, plan: Plan) -> list[str]:
    """Steps that the plan does not have; rare, such as the end of an aborted process, so all rows may be read."""
    paths = process.steps.exclude(kind=StepKind.EDIT).order_by("pk").values_list("path", flat=True)
    return [path for path in dict.fromkeys(paths) if path not in plan.places]


def _done(process: Process, plan: Plan) -> int:
    """How many steps were committed, from an index alone: paths of what people did begin with `~`."""
    committed = process.steps.filter(status__in=sorted(COMMITTED_STATUSES)).exclude(path__startswith="~")
    paths = committed.order_by().values_list("path", flat=True).distinct()
    return len({plan.path_of(path) for path in paths}) if plan.known_as else paths.count()
