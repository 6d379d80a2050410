"""What faults must not have done: the promises of the engine, asked of all rows and of the outside world at once."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from processes import store
from processes.engine.values.status import COMMITTED_STATUSES
from processes.models import Idempotency, Notification, Process, Step
from processes.queries.invariants import violations
from tests.faults import shapes

Effects = Counter[str]
"""How often the outside was told something, by the key of the step."""


def broken_promises(effects: Effects) -> list[str]:
    """Everything that is wrong, one sentence each; empty when nothing was lost, repeated or made wrong."""
    return [
        *map(str, violations()),
        *_unfinished(),
        *_committed_twice(),
        *_wrong_ends(),
        *_wrong_effects(effects),
    ]


def _unfinished() -> Iterator[str]:
    """Lost: accepted, and not brought to an end."""
    for one in Process.objects.unfinished():
        yield f"{one} has not ended: it is {one.run_state} and {one.status} at {one.position_path}"


def _committed_twice() -> Iterator[str]:
    """Asked of the rows themselves, not of the constraint that should forbid it."""
    rows = Step.objects.filter(status__in=COMMITTED_STATUSES).values_list("process_id", "path", "visit")
    for place, count in Counter(rows).items():
        if count > 1:
            yield f"{place} was committed {count} times"


def _wrong_ends() -> Iterator[str]:
    written = Counter(Notification.objects.values_list("title", flat=True))
    for process in Process.objects.filter(status="completed"):
        expected, done = shapes.EXPECTED[process.workflow_name], store.load_state(process.pk).get("done", None)
        if done != expected:
            yield f"{process} ended with {done} instead of {expected}"
        rows = shapes.ROWS.get(process.workflow_name, ())
        counts = [written[f"{process.pk}/{path}/1"] for path in rows]
        if counts != [1] * len(rows):
            yield f"{process} wrote its rows {counts} times"


def _wrong_effects(effects: Effects) -> Iterator[str]:
    """At least once for each committed step, at most once for each try of it, and always under its key."""
    tries = Counter("/".join(map(str, place)) for place in Step.objects.values_list("process_id", "path", "visit"))
    ends = dict(Process.objects.values_list("pk", "status"))
    for key, calls in effects.items():
        cut_short = ends.get(UUID(key.partition("/")[0])) == "aborted"
        allowed = tries[key] + cut_short
        if calls > allowed:
            yield f"{key} had {calls} effects in {allowed} tries"
    done = Step.objects.filter(process__status="completed", status="success")
    for process_id, name, path, visit in done.values_list("process_id", "process__workflow_name", "path", "visit"):
        if path in shapes.EXPECTED[name] and path not in shapes.SILENT and not effects[f"{process_id}/{path}/{visit}"]:
            yield f"{process_id} says that {path} was done, and nothing was"


def made_by(idempotency_key: str) -> UUID | None:
    """The process that a start under this idempotency key has made."""
    note = Idempotency.objects.filter(key=idempotency_key, operation__startswith="start:").first()
    return UUID(note.body["process_id"]) if note and note.body else None
