"""What became of a commit whose answer was lost."""

from django.db import connection

from processes.engine.status import RunState
from processes.store.claims import Claim, Fenced
from processes.store.commits import _PAUSED, Committed
from processes.store.dialect import db_key, moment_of

_WHAT_BECAME = f"""
SELECT fence, run_state, position_path, position_visit, position_attempt, sequence, attempt_started_at, {_PAUSED}
FROM processes_process WHERE id = %s
"""  # noqa: S608


def what_became(claim: Claim) -> Committed | None:
    """What a commit has made whose answer was lost; None when it has made nothing, and may be repeated.

    Raises Fenced when the process has gone on without us, whether with our commit or without it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WHAT_BECAME, [db_key(claim.process_id)])
        row = cursor.fetchone()
    if row is None or row[0] != claim.fence:
        raise Fenced(claim.process_id)
    _, *stands, sequence, at, paused = row
    if stands == [RunState.RUNNING, claim.path, claim.visit, claim.attempt] and sequence == claim.sequence:
        return None
    return Committed(sequence, moment_of(at), bool(paused))
