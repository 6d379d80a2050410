"""Verbs on processes: each atomic, permission-checked, audited, and safe to repeat under an idempotency key.

Not here: what a verb makes of each column (`processes.engine.transitions`). A new verb is a file of its own here, and a
line in the table of permissions. Begin with `retry`.
"""

from processes.actions.abort import abort
from processes.actions.answer import answer, waiting_step
from processes.actions.continue_at import continue_at
from processes.actions.edit_state import OWN_KEYS, edit_state
from processes.actions.errors import InvalidArgument, PredicateRefused
from processes.actions.external_systems import allow_calls, stop_calls
from processes.actions.idempotency import is_used
from processes.actions.note import note
from processes.actions.pause import EnginePaused, check_running, pause, unpause
from processes.actions.retry import retry
from processes.actions.retry_all import retry_all
from processes.actions.skip import skip
from processes.actions.start import check_start, initial_state, start
from processes.engine.values.errors import Refused
from processes.queries.fleet import EngineStatus, engine_status
from processes.store.locks import LockHeld

__all__ = [
    "OWN_KEYS",
    "EnginePaused",
    "EngineStatus",
    "InvalidArgument",
    "LockHeld",
    "PredicateRefused",
    "Refused",
    "abort",
    "allow_calls",
    "answer",
    "check_running",
    "check_start",
    "continue_at",
    "edit_state",
    "engine_status",
    "initial_state",
    "is_used",
    "note",
    "pause",
    "retry",
    "retry_all",
    "skip",
    "start",
    "stop_calls",
    "unpause",
    "waiting_step",
]
