"""What was recorded under an idempotency key, and whether the engine is paused, by one statement."""

from processes.store.dialect import prepared_cursor
from processes.store.sql import both


def recorded_or_paused(actor: str, operation: str, key: str) -> tuple[int | None, bool]:
    """The id of the record under a key, and whether the engine is paused."""
    with prepared_cursor() as statement:
        statement.execute(both.RECORDED_OR_PAUSED, {"actor": actor, "operation": operation, "key": key})
        is_paused, record_id = statement.fetchone()
    return record_id, bool(is_paused)
