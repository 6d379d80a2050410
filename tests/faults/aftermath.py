"""What a batch of schedules must have left behind: the promises of the engine, asked of all rows at once."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.db import IntegrityError, transaction

from processes import store
from processes.engine import transitions
from processes.engine.outcome import Failed
from processes.engine.values.errors import StepError
from processes.engine.values.status import COMMITTED_STATUSES, ProcessStatus, RunState
from processes.models import AuditEvent, Idempotency, Notification, Process, Step
from processes.queries.invariants import violations
from processes.store import commits
from tests.faults import brief, shapes
from tests.faults.schedule import Schedule


def broken_promises(schedules: Sequence[Schedule]) -> list[str]:
    """Everything that is wrong, one sentence each."""
    return [
        *map(str, violations()),
        *_strange_starts(schedules),
        *_strange_acts(),
        *_wrong_ends(),
        *_wrong_effects(),
        *_open_doors(),
    ]


def _strange_starts(schedules: Sequence[Schedule]) -> Iterator[str]:
    """Each request that was answered made one process, and there is none that nobody asked for."""
    light = {process_id for one in schedules for process_id in one.light}
    notes = Idempotency.objects.filter(operation__startswith="start:").values_list("body", flat=True)
    asked = Counter(body["process_id"] if body else "nothing" for body in notes)
    made = Counter(str(one) for one in Process.objects.values_list("pk", flat=True) if one not in light)
    if asked != made:
        yield f"what was asked for and what was made differ: {asked - made}, {made - asked}"


def _strange_acts() -> Iterator[str]:
    """Each act of a person has one row in the audit trail, and each of these one request."""
    asked = Counter(
        operation.partition(":")[0] for operation in Idempotency.objects.values_list("operation", flat=True)
    )
    audited = Counter(AuditEvent.objects.values_list("action", flat=True))
    if asked != audited:
        yield f"I12: {dict(asked)} were asked for, and {dict(audited)} are told by the audit trail"


def _wrong_ends() -> Iterator[str]:
    written = Counter(Notification.objects.values_list("title", flat=True))
    for process_id, name in Process.objects.filter(status="completed").values_list("pk", "workflow_name"):
        done = store.load_state(process_id).get("done", None)
        expected = brief.EXPECTED[name]
        if name not in {"short_writing"} and done != expected:
            yield f"{process_id} ({name}) ended with {done} instead of {expected}"
        counts = [written[f"{process_id}/{path}/1"] for path in brief.ROWS.get(name, ())]
        if any(count != 1 for count in counts):
            yield f"{process_id} ({name}) wrote its rows {counts} times"


def _wrong_effects() -> Iterator[str]:
    """At least once for each committed step, at most once for each try of it, and always under its key."""
    tries = Counter(f"{process_id}/{path}/1" for process_id, path in Step.objects.values_list("process_id", "path"))
    aborted = {str(one) for one in Process.objects.filter(status="aborted").values_list("pk", flat=True)}
    for key, calls in shapes.world.calls.items():
        allowed = tries[key] + (key.partition("/")[0] in aborted)
        if calls > allowed:
            yield f"I11: {key} had {calls} effects in {allowed} tries"
    for process_id, name in Process.objects.filter(status="completed").values_list("pk", "workflow_name"):
        for path in set(brief.EXPECTED[name]) - brief.SILENT:
            if not shapes.world.calls[f"{process_id}/{path}/1"]:
                yield f"I11: {process_id} says that {path} was done, and nothing was"


def _open_doors() -> Iterator[str]:
    """What another guard hides as long as it stands: each must hold by itself."""
    committed = Step.objects.filter(status__in=COMMITTED_STATUSES).first()
    if committed is not None and _takes_a_second_success(committed):
        yield "I2: the table takes a second success of one step"
    ended = Process.objects.filter(run_state=RunState.ENDED).first()
    if ended is not None and _takes_a_commit(ended):
        yield "I6: a process that has ended takes a commit under its own fence"


def _takes_a_second_success(step: Step) -> bool:
    step.pk, step.attempt = None, 1_000
    try:
        with transaction.atomic():
            step.save(force_insert=True)
            transaction.set_rollback(True)
    except IntegrityError:
        return False
    return True


def _takes_a_commit(process: Process) -> bool:
    at = replace(process.standing, run_state=RunState.RUNNING, status=ProcessStatus.RUNNING, attempt=1_000)
    late = transitions.failed(at, Failed(StepError("Late", "too late", "")), step="late")
    try:
        with transaction.atomic():
            commits.apply(process.pk, process.fence, at, late)
            transaction.set_rollback(True)
    except store.Fenced:
        return False
    return True
