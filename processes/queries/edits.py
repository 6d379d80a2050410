"""The edits of a state since somebody looked at the process: who made them, when, and which keys they changed."""

from processes.engine.binding import Meanwhile
from processes.engine.values.status import StepKind
from processes.models import Process


def edits_since(process: Process, stand: str) -> tuple[Meanwhile, ...]:
    """The edits since the process stood there (`Process.stand`), the latest first."""
    _, sequence, *_ = (*stand.split("."), "")
    if not sequence.isdecimal():
        return ()
    rows = process.steps.filter(kind=StepKind.EDIT, sequence__gt=int(sequence)).order_by("-id")[:20]
    return tuple(Meanwhile(row.created_by, row.started_at, process.pk, tuple(sorted(row.patch or {}))) for row in rows)
