"""The timeline of a process: every step of its plan with its attempts, and what was recorded besides."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from processes.access import error_texts
from processes.engine.plan import PlanRow, PlanStep, compare, is_compatible
from processes.engine.values.secrets import masked
from processes.engine.values.status import COMMITTED_STATUSES, ProcessStatus, RunState, StepKind, StepStatus
from processes.engine.values.words import read_word
from processes.models import Process, Step
from processes.plugins import registry
from processes.plugins.panels import StepChange, StepPatch, step_changes
from processes.queries.incidents import IncidentKind, kind_of
from processes.queries.plans import Plan, plan_of, step_anchor

EARLIER_SHOWN = 20
"""Earlier attempts of a step on a page; all are in its export and over REST."""


@dataclass(frozen=True)
class Attempt:
    """One try of a step. `patch` is what it changed in the state, `error` has class, message and traceback.

    `changes` are what it changed outside, `reason` is why a person skipped the step or changed the state. A try that
    runs now, and a step that has not run yet, have no row: their `row_id` is None. `path` is the one that the step had
    when the row was written, `query` names the row in addresses, where there is a patch or an error to see.
    """

    status: StepStatus
    attempt: int
    started_at: datetime | None = None
    completed_at: datetime | None = None
    patch: Mapping[str, Any] | None = None
    error: Mapping[str, str] | None = None
    progress: Any = None
    created_by: str = ""
    worker: str = ""
    reason: str = ""
    row_id: int | None = None
    path: str = ""
    query: str = ""
    changes: tuple[StepChange, ...] = ()

    @property
    def incident(self) -> IncidentKind | None:
        """What kind of incident it was, if any."""
        return kind_of(self.status, self.error)


@dataclass(frozen=True)
class TimelineStep:
    """A step of a process: its latest attempt, and those before it, oldest first."""

    path: str
    name: str
    kind: str
    visit: int
    latest: Attempt
    earlier: tuple[Attempt, ...] = ()
    is_current: bool = False

    @property
    def anchor(self) -> str:
        """The id of its element on a page; no two steps of a process have the same."""
        if self.kind == StepKind.EDIT:
            return f"edit-{self.latest.row_id}"
        return step_anchor(self.path)

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to tell but how it stands, as of most steps; half of a page's time."""
        one = self.latest
        told = one.error or one.patch or one.reason or one.changes or one.progress is not None or self.earlier
        by_whom = one.status in {StepStatus.RUNNING, StepStatus.ABORT} or self.kind == StepKind.INPUT
        return not (told or by_whom or one.incident)

    @property
    def shown_earlier(self) -> tuple[Attempt, ...]:
        """The earlier attempts that a page shows: it is sent again whenever one more comes."""
        return self.earlier[-EARLIER_SHOWN:]

    @property
    def hidden_earlier(self) -> int:
        """How many it leaves out."""
        return len(self.earlier) - len(self.shown_earlier)

    @property
    def incidents(self) -> tuple[Attempt, ...]:
        """Earlier attempts that ended by an incident."""
        return tuple(one for one in self.shown_earlier if one.incident)


def timeline(process: Process) -> list[TimelineStep]:
    """Every step of a process in order, pending ones too, from the plan it began with and what was recorded."""
    plan = plan_of(process)
    recorded = rows_by_step(process.steps.order_by("id"), plan)
    steps: list[TimelineStep] = []
    reached: list[int] = []
    for step in plan.steps:
        rows = recorded.pop(step.path, [])
        steps.append(planned_step(process, plan, step, rows))
        reached.append(max((row.sequence or 0 for row in rows), default=0))
    edits = [row for rows in recorded.values() for row in rows if row.kind == StepKind.EDIT]
    for row in sorted(edits, key=lambda row: row.sequence or 0):
        place = _place(reached, row.sequence or 0)
        steps.insert(place, recorded_step([row]))
        reached.insert(place, row.sequence or 0)
    steps += [recorded_step(rows) for rows in recorded.values() if rows[0].kind != StepKind.EDIT]
    return steps


def with_changes(process_id: UUID, steps: Sequence[TimelineStep]) -> list[TimelineStep]:
    """The same steps with what each try changed outside the state, as the panels of the site tell it."""
    patches = [
        StepPatch(one.row_id, one.path, one.patch)
        for step in steps
        for one in (*step.earlier, step.latest)
        if one.row_id and one.patch
    ]
    found = step_changes(process_id, patches) if patches else {}
    if not found:
        return list(steps)

    def told(one: Attempt) -> Attempt:
        return replace(one, changes=found[one.row_id]) if one.row_id in found else one

    return [replace(step, latest=told(step.latest), earlier=tuple(map(told, step.earlier))) for step in steps]


def _place(reached: Sequence[int], sequence: int) -> int:
    """Where something stands that was committed under this number: behind all that was committed before it."""
    before = [index for index, number in enumerate(reached) if 0 < number < sequence]
    return before[-1] + 1 if before else 0


def definition_change(process: Process) -> tuple[PlanRow, ...]:
    """The plan a stopped process began with beside that of this release, when it cannot go on under it; else empty."""
    if not (process.is_failed or process.status == ProcessStatus.SUSPENDED):
        return ()
    try:
        workflow = registry.get(process.workflow_name)
    except registry.UnknownWorkflow:
        return ()
    if process.workflow_version.fingerprint == workflow.fingerprint:
        return ()
    if is_compatible(process.workflow_version.plan, workflow.plan, process.position_path, workflow.tree.renamed):
        return ()
    plan = plan_of(process)
    return compare(plan.steps, workflow.plan, workflow.tree.renamed, at=process.position_path)


def rows_by_step(rows: Iterable[Step], plan: Plan) -> dict[str, list[Step]]:
    """Rows of tries by the path that their step has in the plan, each in the order in which they come."""
    by_step: dict[str, list[Step]] = {}
    for row in rows:
        by_step.setdefault(plan.path_of(row.path), []).append(row)
    return by_step


def planned_step(process: Process, plan: Plan, step: PlanStep, rows: Sequence[Step]) -> TimelineStep:
    """A step of the plan with its recorded tries, and the try that runs now or is about to."""
    attempts = [_attempt(row) for row in rows]
    is_here = process.run_state != RunState.ENDED and plan.path_of(process.position_path) == step.path
    visited = [row for row in rows if row.visit == process.position_visit]
    if is_here and not any(row.status in COMMITTED_STATUSES for row in visited):
        attempts += _under_way(process, attempts)
    if not attempts:
        attempts = [Attempt(StepStatus.PENDING, attempt=1)]
    *earlier, latest = attempts
    return TimelineStep(step.path, step.name, step.kind, process.position_visit, latest, tuple(earlier), is_here)


def _under_way(process: Process, attempts: Sequence[Attempt]) -> Iterator[Attempt]:
    """The try that runs now or is about to; none while the process stands still."""
    if process.run_state == RunState.RUNNING:
        yield Attempt(
            StepStatus.RUNNING,
            attempt=process.position_attempt,
            started_at=process.attempt_started_at,
            progress=process.progress,
            worker=process.leased_by,
        )
    elif process.run_state == RunState.READY and attempts and process.status != ProcessStatus.WAITING:
        yield Attempt(StepStatus.PENDING, attempt=attempts[-1].attempt + 1)


def recorded_step(rows: Sequence[Step]) -> TimelineStep:
    """A step that the plan does not have, such as the one that tells of an abort."""
    *earlier, latest = [_attempt(row) for row in rows]
    last = rows[-1]
    return TimelineStep(last.path, last.name, last.kind, last.visit, latest, tuple(earlier))


def _attempt(row: Step) -> Attempt:
    return Attempt(
        status=read_word(StepStatus, row.status),
        attempt=row.attempt,
        started_at=row.started_at,
        completed_at=row.completed_at,
        patch=masked(row.patch),
        error=error_texts.error(row.error),
        created_by=row.created_by,
        worker=row.worker,
        reason=row.reason or "",
        row_id=row.pk,
        path=row.path,
        query=urlencode({"step": row.path, "visit": row.visit, "attempt": row.attempt})
        if row.patch or row.error
        else "",
    )


def _query(row: Step) -> str:
    return urlencode({"step": row.path, "visit": row.visit, "attempt": row.attempt})
