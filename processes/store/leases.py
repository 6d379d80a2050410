"""Keep, extend and give back what was claimed."""

import orjson
from django.db import connection

from processes.store import failpoints
from processes.store.claims import LEASE_SECONDS, Claim, Fenced
from processes.store.dialect import db_key

_LET_GO = """
UPDATE processes_process SET run_state = 'ready', owner = '', lease_until = NULL,
  position_attempt = position_attempt - 1, last_modified_at = engine_now(0)
WHERE id = %s AND fence = %s AND run_state = 'running'
"""


_WAIT_FOR_SYSTEM = _LET_GO.replace(
    "SET run_state = 'ready'", "SET run_state = 'ready', status = 'waiting', waits_for = %s"
)


def let_go(claim: Claim) -> None:
    """Hand a process back before its step was begun; it keeps its place in line."""
    with connection.cursor() as cursor:
        cursor.execute(_LET_GO, [db_key(claim.process_id), claim.fence])
    failpoints.hit("handed-back")


def wait_for_system(claim: Claim, system: str) -> None:
    """Hand a process back until an outside system takes calls; it keeps its tries and its place in line."""
    with connection.cursor() as cursor:
        cursor.execute(_WAIT_FOR_SYSTEM, [system, db_key(claim.process_id), claim.fence])
    failpoints.hit("handed-back")


def adopt_version(claim: Claim, version_id: int) -> None:
    """Go on under another version of the workflow. Raises Fenced."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE processes_process SET workflow_version_id = %s"
            " WHERE id = %s AND fence = %s AND run_state = 'running'",
            [version_id, db_key(claim.process_id), claim.fence],
        )
        if cursor.rowcount != 1:
            raise Fenced(claim.process_id)


def set_deadline(claim: Claim, seconds: float) -> None:
    """Say by when the step that begins now must be done. Raises Fenced."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE processes_process SET deadline_at = engine_now(%s)"
            " WHERE id = %s AND fence = %s AND run_state = 'running'",
            [seconds, db_key(claim.process_id), claim.fence],
        )
        if cursor.rowcount != 1:
            raise Fenced(claim.process_id)


def beat(claim: Claim) -> bool:
    """Extend the lease of a step that takes long. False: the process is no longer ours."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE processes_process SET lease_until = engine_now(%s)"
            " WHERE id = %s AND fence = %s AND run_state = 'running'",
            [LEASE_SECONDS, db_key(claim.process_id), claim.fence],
        )
        return bool(cursor.rowcount == 1)


def show_progress(claim: Claim, value: object) -> None:
    """Store what a running step tells of itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE processes_process SET progress = %s WHERE id = %s AND fence = %s AND run_state = 'running'",
            [orjson.dumps(value, default=str).decode(), db_key(claim.process_id), claim.fence],
        )
