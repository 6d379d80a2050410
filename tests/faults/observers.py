"""What nobody may do to a row, told by triggers at the moment it is done, also when it is rolled back afterwards.

They see what the rows of the end do not tell, and what a second guard would hide, such as a commit without the fence
in its condition, which the unique index refuses all the same.
"""

from collections.abc import Mapping

from processes.store import LEASE_SECONDS
from tests.faults import actors
from tests.faults.memory import database

told: list[str] = []
"""What was seen since the schedule began."""

MOVES: Mapping[str, str] = {
    "I5: a worker wrote to the process of another": """
      role() = 'worker' AND OLD.run_state = 'running' AND OLD.leased_by <> acting()""",
    "I5: a worker wrote to a process that it had not claimed": """
      role() = 'worker' AND OLD.run_state = 'ready'
      AND NOT (NEW.run_state = 'running' AND NEW.leased_by = acting() AND NEW.fence > OLD.fence)""",
    "I6: a worker wrote to a process that had stopped": """
      role() = 'worker' AND OLD.run_state NOT IN ('running', 'ready')""",
    "I5: its fence went back": "NEW.fence < OLD.fence",
    "I5: it was taken from its owner without a new fence": """
      OLD.run_state = 'running' AND (acting() <> OLD.leased_by OR role() <> 'worker')
      AND (NEW.run_state <> 'running' OR NEW.leased_by <> OLD.leased_by) AND NEW.fence <= OLD.fence""",
    "I6: it came back from its end": "OLD.run_state = 'ended' AND NEW.status <> OLD.status",
    "I9: it was claimed before it was ready": """
      OLD.run_state = 'ready' AND NEW.run_state = 'running' AND OLD.ready_at > engine_now(0)""",
    "I10: its try was not recorded before it ran": """
      NEW.run_state = 'running' AND (NEW.position_attempt < 1
        OR OLD.run_state = 'ready' AND NEW.position_attempt <= OLD.position_attempt)""",
    "its lease does not follow from the engine's clock": f"""
      NEW.lease_expires_at <> IFNULL(OLD.lease_expires_at, '')
      AND NEW.lease_expires_at NOT BETWEEN engine_now({LEASE_SECONDS - 0.1}) AND engine_now({LEASE_SECONDS})""",
    "it lost its place in line by a recovery": """
      role() = 'recovery' AND NEW.run_state = 'ready' AND NEW.ready_at <> OLD.ready_at""",
    "it was recovered from a worker that lives and holds a lease": """
      role() = 'recovery' AND OLD.run_state = 'running' AND OLD.leased_by <> acting() AND lives(OLD.leased_by)
      AND OLD.lease_expires_at >= engine_now(0)""",
}
"""Of each update of a process."""

FOREIGN_STEP = """
  role() = 'worker'
  AND NOT EXISTS (SELECT 1 FROM processes_process one WHERE one.id = NEW.process_id AND one.fence = NEW.fence)
"""

EARLY_RELEASE = """
  EXISTS (SELECT 1 FROM processes_process one WHERE one.id = OLD.process_id AND one.run_state <> 'ended'
    AND one.status NOT IN ('failed', 'inconsistent_data', 'api_unavailable'))
"""


def install() -> None:
    """Put the triggers up."""
    raw = database.connection
    raw.create_function("acting", 0, lambda: actors.stage.acting.name if actors.stage.acting else "")
    raw.create_function("role", 0, lambda: actors.stage.acting.role if actors.stage.acting else "")
    raw.create_function("lives", 1, lambda name: name not in actors.stage.dead)
    raw.create_function("tell", 2, lambda what, about: told.append(f"{about}: {what}"))
    raw.execute(_trigger("moves", "UPDATE ON processes_process", "NEW.id", MOVES))
    steps = {"I5: a worker wrote a step under a fence that is not the present one": FOREIGN_STEP}
    raw.execute(_trigger("steps", "INSERT ON processes_step", "NEW.process_id", steps))
    locks = {"I8: it lost its lock before it had come to an end": EARLY_RELEASE}
    raw.execute(_trigger("locks", "DELETE ON processes_resourcelock", "OLD.process_id", locks))


def _trigger(name: str, on: str, about: str, rules: Mapping[str, str]) -> str:
    conditions = " OR ".join(f"({one})" for one in rules.values())
    cases = " ".join("WHEN " + one + " THEN '" + what.replace("'", "''") + "'" for what, one in rules.items())
    return f"CREATE TEMP TRIGGER {name} AFTER {on} WHEN {conditions} BEGIN SELECT tell(CASE {cases} END, {about}); END"
