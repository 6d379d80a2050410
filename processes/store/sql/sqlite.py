"""Statements of SQLite, which are played one after the other in one immediate transaction."""

CLAIM = """
UPDATE processes_process SET run_state = 'running', status = 'running', leased_by = %(worker)s, fence = fence + 1,
  position_attempt = position_attempt + 1, attempt_started_at = engine_now(0), progress = NULL,
  lease_expires_at = engine_now(%(lease_seconds)s), last_modified_at = engine_now(0), deadline_at = NULL,
  blocked_by_system = ''
WHERE id = (
  SELECT id FROM processes_process
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
    AND NOT EXISTS (SELECT 1 FROM processes_enginesettings WHERE paused_at IS NOT NULL)
  ORDER BY priority DESC, ready_at LIMIT 1)
RETURNING id, fence, leased_by, workflow_name, workflow_version_id, position_path, position_visit, position_frames,
  position_attempt, retry_base, crash_count, sequence, is_task, created_by, attempt_started_at, lock_keys
"""
"""Take the next ready process, most urgent and longest waiting first, and count the try that is about to run."""

APPLY = """
UPDATE processes_process SET run_state = %(run_state)s, status = %(status)s, position_path = %(path)s,
  position_visit = %(visit)s, position_frames = %(frames)s, position_attempt = %(attempt)s, retry_base = %(retry_base)s,
  crash_count = %(crash_count)s, sequence = %(sequence)s, assignee = %(assignee)s,
  last_step = COALESCE(%(last_step)s, last_step),
  workflow_version_id = COALESCE(%(version_id)s, workflow_version_id),
  failed_reason = CASE WHEN %(keeps_error)s THEN failed_reason ELSE %(failed_reason)s END,
  error_class = CASE WHEN %(keeps_error)s THEN error_class ELSE %(error_class)s END,
  traceback = CASE WHEN %(keeps_error)s THEN traceback ELSE %(traceback)s END,
  ready_at = CASE WHEN %(is_rescheduled)s THEN engine_now(%(ready_in)s) ELSE ready_at END,
  not_before = CASE WHEN %(is_held_back)s THEN engine_now(%(held_back_seconds)s) END,
  blocked_by_system = %(blocked_by_system)s,
  leased_by = CASE WHEN %(holds_lease)s THEN leased_by ELSE '' END,
  lease_expires_at = CASE WHEN %(holds_lease)s THEN engine_now(%(lease_seconds)s) END,
  fence = CASE WHEN %(raises_fence)s THEN fence + 1 ELSE fence END,
  ended_at = CASE WHEN %(ends)s THEN engine_now(0) END,
  attempt_started_at = engine_now(0), last_modified_at = engine_now(0), progress = NULL, deadline_at = NULL
WHERE id = %(process_id)s AND fence = %(at_fence)s AND run_state = %(at_run_state)s
  AND position_path = %(at_path)s AND position_visit = %(at_visit)s
RETURNING id, sequence, last_modified_at
"""
"""Write a transition, unless the process has moved on since it was claimed or locked: then nothing is answered."""

RECORD = """
INSERT INTO processes_step (process_id, path, visit, attempt, name, kind, status, patch, error, reason, created_by,
  worker, fence, started_at, sequence, completed_at)
VALUES (%(process_id)s, %(row_path)s, %(row_visit)s, %(row_attempt)s, %(row_name)s, %(row_kind)s, %(row_status)s,
  %(row_patch)s, %(row_error)s, %(row_reason)s, %(row_by)s, %(row_worker)s, %(at_fence)s,
  COALESCE(%(row_started_at)s, %(row_moved_at)s), %(row_sequence)s, %(row_completed_at)s)
"""
"""The row of the try, with what APPLY has answered."""

ACQUIRE_LOCKS = """
INSERT INTO processes_resourcelock (resource, process_id, acquired_at)
SELECT value, %(process_id)s, engine_now(0) FROM json_each(%(resources)s) WHERE TRUE ORDER BY value
ON CONFLICT (resource) DO NOTHING RETURNING resource
"""
"""Take what is free of these; `resources` is a JSON list."""

LOOK_AT_SLOTS = """
WITH system AS (
  SELECT id, name, max_concurrent, failures, stopped_at IS NULL AND half_open_at IS NULL AS is_closed,
    stopped_at IS NULL AND half_open_at IS NOT NULL AND half_open_at <= engine_now(0) AS is_half_open
  FROM processes_externalsystem WHERE name = %(system)s
), slots AS (
  SELECT slot.id, slot.number, slot.taken, slot.is_trial, holder.id IS NOT NULL AS is_busy
  FROM processes_systemslot slot JOIN system ON system.id = slot.system_id
  LEFT JOIN processes_process holder
    ON slot.process_id = holder.id AND slot.fence = holder.fence AND holder.run_state = 'running'
      AND slot.path = holder.position_path AND slot.visit = holder.position_visit
      AND slot.attempt = holder.position_attempt
), free AS MATERIALIZED (
  SELECT slots.id, slots.taken FROM slots CROSS JOIN system
  WHERE NOT slots.is_busy AND (system.max_concurrent IS NULL
      OR slots.number <= system.max_concurrent AND (SELECT COUNT(*) FROM slots WHERE is_busy) < system.max_concurrent)
    AND (system.is_closed
      OR %(is_trial)s AND system.is_half_open AND NOT EXISTS (SELECT 1 FROM slots WHERE is_busy AND is_trial))
  ORDER BY random() LIMIT 1
)
SELECT system.id, system.max_concurrent, system.failures, system.is_closed, system.is_half_open,
  (SELECT COUNT(*) FROM slots), (SELECT COUNT(*) FROM slots WHERE is_busy), (SELECT id FROM free),
  EXISTS (SELECT 1 FROM processes_process WHERE run_state = 'ready' AND blocked_by_system = system.name)
FROM system
"""
"""Look at an external system, and at a slot that is free."""

TAKE_SLOT = """
UPDATE processes_systemslot SET taken = taken + 1, process_id = %(process_id)s, fence = %(fence)s, path = %(path)s,
  visit = %(visit)s, attempt = %(attempt)s, is_trial = %(is_trial)s
WHERE id = %(slot_id)s
"""

MOVE_READY = """
UPDATE processes_process SET ready_at = engine_moved(ready_at, %(seconds)s),
  not_before = engine_moved(not_before, %(seconds)s) WHERE run_state = 'ready'
"""
"""What waits keeps the time that it has to wait, when the clock is set by so many seconds."""

MOVE_RUNNING = """
UPDATE processes_process SET attempt_started_at = engine_moved(attempt_started_at, %(seconds)s),
  lease_expires_at = engine_moved(lease_expires_at, %(seconds)s), deadline_at = engine_moved(deadline_at, %(seconds)s)
WHERE run_state = 'running'
"""
"""What runs keeps its lease and its deadline."""

MOVE_BREAKERS = """
UPDATE processes_externalsystem SET opened_at = engine_moved(opened_at, %(seconds)s),
  half_open_at = engine_moved(half_open_at, %(seconds)s) WHERE half_open_at IS NOT NULL
"""
"""Circuit breakers keep their cool-down."""

MOVE_WORKERS = """
UPDATE processes_worker SET started_at = engine_moved(started_at, %(seconds)s),
  beat_at = engine_moved(beat_at, %(seconds)s) WHERE ended_at IS NULL
"""
"""Workers are as old, and their last sign of life as long ago, as before."""
