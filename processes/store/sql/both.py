"""Statements that PostgreSQL and SQLite read alike."""

READY = """
SELECT EXISTS (
  SELECT 1 FROM processes_process
  WHERE run_state = 'ready' AND ready_at <= (SELECT engine_now(0))
    AND (not_before IS NULL OR not_before <= (SELECT engine_now(0)))
    AND (blocked_by_system = '' OR blocked_by_system NOT IN (
      SELECT system.name FROM processes_externalsystem system
      WHERE system.stopped_at IS NOT NULL OR system.half_open_at > engine_now(0)
        OR (SELECT COUNT(*) FROM processes_systemslot slot JOIN processes_process holder
            ON slot.process_id = holder.id AND slot.fence = holder.fence AND holder.run_state = 'running'
              AND slot.path = holder.position_path AND slot.visit = holder.position_visit
              AND slot.attempt = holder.position_attempt
            WHERE slot.system_id = system.id) >= system.max_concurrent
        OR (system.half_open_at IS NOT NULL AND EXISTS (
            SELECT 1 FROM processes_systemslot slot JOIN processes_process holder
            ON slot.process_id = holder.id AND slot.fence = holder.fence AND holder.run_state = 'running'
              AND slot.path = holder.position_path AND slot.visit = holder.position_visit
              AND slot.attempt = holder.position_attempt
            WHERE slot.system_id = system.id AND slot.is_trial))))
    AND NOT EXISTS (SELECT 1 FROM processes_enginesettings WHERE paused_at IS NOT NULL))
"""
"""Whether a claim would find anything now."""

NEXT_MOMENT = """
SELECT MIN(due), engine_now(0) FROM (
  SELECT ready_at AS due FROM processes_process WHERE run_state = 'ready' AND ready_at > (SELECT engine_now(0))
  UNION ALL
  SELECT not_before FROM processes_process WHERE run_state = 'ready' AND not_before > (SELECT engine_now(0))
  UNION ALL
  SELECT half_open_at FROM processes_externalsystem system WHERE half_open_at > engine_now(0)
    AND EXISTS (SELECT 1 FROM processes_process WHERE run_state = 'ready' AND blocked_by_system = system.name)) dues
"""
"""When a process becomes ready by its own, and what time it is."""

PAUSED = "SELECT paused_at IS NOT NULL FROM processes_enginesettings WHERE id = 1"

COMMIT_IN_DOUBT = """
SELECT fence, run_state, position_path, position_visit, position_attempt, sequence, attempt_started_at,
  (SELECT paused_at IS NOT NULL FROM processes_enginesettings WHERE id = 1)
FROM processes_process WHERE id = %(process_id)s
"""
"""Where a process stands whose commit was not answered."""

ADOPT_VERSION = """
UPDATE processes_process SET workflow_version_id = %(version_id)s
WHERE id = %(process_id)s AND fence = %(fence)s AND run_state = 'running'
"""

SET_DEADLINE = """
UPDATE processes_process SET deadline_at = engine_now(%(seconds)s)
WHERE id = %(process_id)s AND fence = %(fence)s AND run_state = 'running' RETURNING deadline_at
"""

EXTEND_LEASE = """
UPDATE processes_process SET lease_expires_at = engine_now(%(seconds)s)
WHERE id = %(process_id)s AND fence = %(fence)s AND run_state = 'running'
"""

SHOW_PROGRESS = """
UPDATE processes_process SET progress = %(value)s
WHERE id = %(process_id)s AND fence = %(fence)s AND run_state = 'running'
"""

IS_HELD = """
SELECT 1 FROM processes_process WHERE id = %(process_id)s AND fence = %(fence)s AND run_state = 'running'
"""

STATE = """
SELECT -1, CAST(state AS text) FROM processes_statesnapshot WHERE process_id = %(process_id)s
UNION ALL
SELECT sequence, CAST(patch AS text) FROM processes_step WHERE process_id = %(process_id)s AND patch IS NOT NULL
  AND sequence > (SELECT sequence FROM processes_statesnapshot WHERE process_id = %(process_id)s)
ORDER BY 1
"""
"""The snapshot of a process, and the patches since, in order."""

SAVE_SNAPSHOT = """
INSERT INTO processes_statesnapshot (process_id, sequence, state) VALUES (%(process_id)s, %(sequence)s, %(state)s)
ON CONFLICT (process_id) DO UPDATE SET sequence = excluded.sequence, state = excluded.state
"""

RELEASE_LOCKS = "DELETE FROM processes_resourcelock WHERE process_id = %(process_id)s RETURNING resource"

SUBJECTS = """
SELECT kind, subject_id, label FROM processes_processsubject WHERE process_id = %(process_id)s ORDER BY id
"""

RECORDED_OR_PAUSED = """
SELECT EXISTS (SELECT 1 FROM processes_enginesettings WHERE paused_at IS NOT NULL),
  (SELECT id FROM processes_idempotency WHERE actor = %(actor)s AND operation = %(operation)s AND key = %(key)s)
"""
"""Whether the engine is paused, and the record under an idempotency key."""

COUNT_FAILURE = """
UPDATE processes_externalsystem SET failures = failures + 1, last_failure = %(reason)s, last_failed_at = engine_now(0),
  opened_at = CASE WHEN failures + 1 >= failure_threshold AND half_open_at IS NULL THEN engine_now(0)
    ELSE opened_at END,
  half_open_at = CASE WHEN failures + 1 >= failure_threshold AND (half_open_at IS NULL OR half_open_at <= engine_now(0))
    THEN engine_now(CASE WHEN cool_down_seconds BETWEEN 0 AND %(longest)s THEN cool_down_seconds ELSE %(longest)s END)
    ELSE half_open_at END
WHERE name = %(system)s RETURNING failures, failures >= failure_threshold, cool_down_seconds
"""
"""One more failure in a row of an external system: at its failure threshold the circuit breaker opens."""
