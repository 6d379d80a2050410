"""What every page tells: how many processes wait for a person, and whether the engine is paused. One kept statement."""

from dataclasses import dataclass

from processes.engine.values.status import ProcessStatus
from processes.store.dialect import prepared_cursor

# The statuses are those of the index `process_stopped`, which has all that is asked.
_ATTENTION = """
SELECT status, is_task, COUNT(*) FROM processes_process
WHERE status IN ('suspended', 'api_unavailable', 'failed', 'inconsistent_data') GROUP BY status, is_task
UNION ALL
SELECT 'paused', is_paused, 0 FROM (
    SELECT paused_at IS NOT NULL AS is_paused FROM processes_enginesettings WHERE id = 1
) settings
"""


@dataclass(frozen=True)
class Attention:
    """How many processes wait for a person, and whether all of them wait because the engine is paused."""

    need_input: int
    failed: int
    failed_tasks: int
    paused: bool = False


def attention() -> Attention:
    """Count them, and look at the engine's one row."""
    with prepared_cursor() as cursor:
        cursor.execute(_ATTENTION)
        rows = cursor.fetchall()
    need_input = failed = failed_tasks = 0
    paused = False
    for status, flag, number in rows:
        match status:
            case "paused":
                paused = bool(flag)
            case ProcessStatus.SUSPENDED:
                need_input += number
            case _ if flag:
                failed_tasks += number
            case _:
                failed += number
    return Attention(need_input, failed, failed_tasks, paused)
