"""What every page tells: how many processes wait for a person, and whether the engine is paused. One kept statement.

It is counted no further than a badge has room for, so that it costs the same whatever has piled up.
"""

from dataclasses import dataclass

from processes.lists.counts import MOST_TOLD, Capped
from processes.store.dialect import prepared_cursor

# The statuses are those of the index `process_stopped`, which has all that is asked; SQLite wants to read them all.
_ATTENTION = """
SELECT 'need_input', COUNT(*) FROM (
    SELECT 1 FROM processes_process
    WHERE status IN ('suspended', 'api_unavailable', 'failed', 'inconsistent_data') AND status = 'suspended'
    LIMIT %(most)s
) need_input
UNION ALL
SELECT 'failed', COUNT(*) FROM (
    SELECT 1 FROM processes_process
    WHERE status IN ('suspended', 'api_unavailable', 'failed', 'inconsistent_data')
        AND status IN ('api_unavailable', 'failed', 'inconsistent_data') AND NOT is_task
    LIMIT %(most)s
) failed
UNION ALL
SELECT 'failed_tasks', COUNT(*) FROM (
    SELECT 1 FROM processes_process
    WHERE status IN ('suspended', 'api_unavailable', 'failed', 'inconsistent_data')
        AND status IN ('api_unavailable', 'failed', 'inconsistent_data') AND is_task
    LIMIT %(most)s
) failed_tasks
UNION ALL
SELECT 'paused', COUNT(*) FROM processes_enginesettings WHERE id = 1 AND paused_at IS NOT NULL
"""


@dataclass(frozen=True)
class Attention:
    """How many processes wait for a person, and whether all of them wait because the engine is paused."""

    need_input: Capped
    failed: Capped
    failed_tasks: Capped
    paused: bool = False


def attention() -> Attention:
    """Count them, and look at the engine's one row."""
    with prepared_cursor() as cursor:
        cursor.execute(_ATTENTION, {"most": MOST_TOLD + 1})
        counted = dict(cursor.fetchall())
    paused = bool(counted.pop("paused"))
    return Attention(**{name: Capped(number) for name, number in counted.items()}, paused=paused)
