"""A commit in doubt: the database was lost before it answered, and is asked what it has made of it."""

import logging
import time
from collections.abc import Callable

from django.db import connection

from processes.engine.store import Claim, Committed, Fenced
from processes.engine.values.status import RunState
from processes.store.claims import LEASE_SECONDS
from processes.store.dialect import DATABASE_LOST, db_key, moment_of
from processes.store.sql import both

logger = logging.getLogger(__name__)

ASK_AGAIN_SECONDS = 0.2


def commit_resolving_doubt(claim: Claim, write: Callable[[], Committed]) -> Committed:
    """Write; when the database is lost meanwhile, ask it what was written, and write again if nothing was.

    Twice at most, since the result of the step is still known here. Raises OperationalError when the database stays
    away for longer than a lease, and Fenced.
    """
    if connection.in_atomic_block:
        return write()
    try:
        return write()
    except DATABASE_LOST as lost:
        logger.warning("The database was lost during the commit of process %s: %s", claim.process_id, lost)
        return resolve_commit(claim) or write()


def resolve_commit(claim: Claim) -> Committed | None:
    """Ask until there is an answer, on a new connection: what was committed, or None when nothing was.

    Raises OperationalError when there is no answer in time, and Fenced when the process has gone on without us.
    """
    until = time.monotonic() + LEASE_SECONDS
    while True:
        connection.close()
        try:
            return committed_of(claim)
        except DATABASE_LOST:
            if time.monotonic() >= until:
                raise
            time.sleep(ASK_AGAIN_SECONDS)


def committed_of(claim: Claim) -> Committed | None:
    """What a commit has made whose answer was lost; None when it has made nothing, and may be repeated.

    Raises Fenced when the process has gone on without us, whether with our commit or without it.
    """
    with connection.cursor() as cursor:
        cursor.execute(both.COMMIT_IN_DOUBT, {"process_id": db_key(claim.process_id)})
        row = cursor.fetchone()
    if row is None or row[0] != claim.fence:
        raise Fenced(claim.process_id)
    _, *stands, sequence, at, paused = row
    at_claim = [RunState.RUNNING, claim.position.path, claim.position.visit, claim.attempt]
    if stands == at_claim and sequence == claim.sequence:
        return None
    return Committed(sequence, moment_of(at), bool(paused))
