"""Verbs on processes; each atomic, permission-checked, audited, and safe to repeat under a one-time id."""

from processes.actions.abort import abort
from processes.actions.errors import LockHeld, NotNow, NotPossible
from processes.actions.note import note
from processes.actions.resume import resume, retry, waiting_step
from processes.actions.start import initial_state, start

__all__ = [
    "LockHeld",
    "NotNow",
    "NotPossible",
    "abort",
    "initial_state",
    "note",
    "resume",
    "retry",
    "start",
    "waiting_step",
]
