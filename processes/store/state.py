"""The state of a process: a snapshot, and the patches since."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from processes.engine.values.state import StateBytes
from processes.models import StateSnapshot
from processes.store.dialect import db_key, prepared_cursor
from processes.store.sql import both


@dataclass(frozen=True)
class Loaded:
    """A state as it is stored; `patched` counts the bytes of the patches since its snapshot."""

    state: StateBytes
    patched: int


def load(process_id: UUID) -> Loaded:
    """The state after the last committed step: the snapshot, and the patches since.

    Raises StateSnapshot.DoesNotExist when there is no such process.
    """
    with prepared_cursor() as statement:
        statement.execute(both.STATE, {"process_id": db_key(process_id)})
        texts = [text for _, text in statement.fetchall()]
    if not texts:
        raise StateSnapshot.DoesNotExist(process_id)
    values: dict[str, bytes] = {}
    for text in texts:
        values.update(StateBytes.from_json(text).values())
    return Loaded(StateBytes(values), sum(map(len, texts[1:])))


def load_state(process_id: UUID) -> StateBytes:
    """The state after the last committed step. Raises StateSnapshot.DoesNotExist."""
    return load(process_id).state


def save_snapshot(process_id: UUID, sequence: int, state: StateBytes) -> None:
    """Replace the snapshot, in the transaction of the commit that made `sequence`."""
    with connection.cursor() as cursor:
        snapshot = {"process_id": db_key(process_id), "sequence": sequence, "state": state.to_json().decode()}
        cursor.execute(both.SAVE_SNAPSHOT, snapshot)
