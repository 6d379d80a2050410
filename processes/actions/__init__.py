"""Verbs on processes; each atomic, permission-checked, audited, and safe to repeat under a one-time id."""

from processes.actions.abort import abort
from processes.actions.continue_at import continue_at
from processes.actions.edit_state import OWN_KEYS, edit_state
from processes.actions.engine import EnginePaused, EngineStatus, check_running, engine_status, pause, unpause
from processes.actions.errors import InvalidArgument, PredicateRefused
from processes.actions.note import note
from processes.actions.once import is_used
from processes.actions.outside import allow_calls, stop_calls
from processes.actions.resume import resume, retry, waiting_step
from processes.actions.resume_all import resume_all
from processes.actions.skip import skip
from processes.actions.start import check_start, initial_state, start
from processes.engine.errors import Refused
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
    "check_running",
    "check_start",
    "continue_at",
    "edit_state",
    "engine_status",
    "initial_state",
    "is_used",
    "note",
    "pause",
    "resume",
    "resume_all",
    "retry",
    "skip",
    "start",
    "stop_calls",
    "unpause",
    "waiting_step",
]
