"""What a process is about, by hand-written statement, since it belongs to every end and every page of a process."""

from uuid import UUID

from processes.engine.binding import Subject
from processes.store.dialect import db_key, prepared_cursor
from processes.store.sql import both


def subjects_of(process_id: UUID) -> tuple[Subject, ...]:
    """What a process is about, in the order it was named."""
    with prepared_cursor() as cursor:
        cursor.execute(both.SUBJECTS, {"process_id": db_key(process_id)})
        return tuple(Subject(*row) for row in cursor.fetchall())
