"""Keep what was claimed: extend its lease, tell of its step, give it back. Each write carries the fence."""

from datetime import datetime
from typing import Any

from django.db import connection

from processes.engine.store import Claim, Fenced
from processes.engine.transitions import Transition
from processes.engine.values import json_text
from processes.store import commits, failpoints
from processes.store.claims import LEASE_SECONDS
from processes.store.dialect import db_key, moment_of
from processes.store.sql import both


def release(claim: Claim, transition: Transition) -> None:
    """Give a process back before its step has begun; does nothing when it is no longer ours."""
    try:
        commits.commit(claim, transition)
    except Fenced:
        return
    finally:
        failpoints.hit("handed-back")


def adopt_version(claim: Claim, version_id: int) -> None:
    """Go on under another version of the workflow. Raises Fenced."""
    with connection.cursor() as cursor:
        cursor.execute(both.ADOPT_VERSION, {**_held(claim), "version_id": version_id})
        if cursor.rowcount != 1:
            raise Fenced(claim.process_id)


def set_deadline(claim: Claim, seconds: float) -> datetime:
    """Say by when the step that begins now must be done; the moment. Raises Fenced."""
    with connection.cursor() as cursor:
        cursor.execute(both.SET_DEADLINE, {**_held(claim), "seconds": seconds})
        row = cursor.fetchone()
    if row is None:
        raise Fenced(claim.process_id)
    return moment_of(row[0])


def extend(claim: Claim) -> bool:
    """Extend the lease of a step that takes long. False: the process is no longer ours."""
    with connection.cursor() as cursor:
        cursor.execute(both.EXTEND_LEASE, {**_held(claim), "seconds": LEASE_SECONDS})
        return bool(cursor.rowcount == 1)


def show_progress(claim: Claim, value: object) -> None:
    """Store what a running step tells of itself."""
    with connection.cursor() as cursor:
        cursor.execute(both.SHOW_PROGRESS, {**_held(claim), "value": json_text.to_database(value, str).decode()})


def is_held(claim: Claim) -> bool:
    """Whether the process is still in the hands of this claim."""
    with connection.cursor() as cursor:
        cursor.execute(both.IS_HELD, _held(claim))
        return cursor.fetchone() is not None


def _held(claim: Claim) -> dict[str, Any]:
    return {"process_id": db_key(claim.process_id), "fence": claim.fence}
