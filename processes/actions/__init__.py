"""Verbs: what people and clients may do. Each is atomic, permission-checked and audited; done twice it acts once.

Not here: what a verb makes of each column (`processes.engine.transitions`). The rule: lock the row, check, move, wake,
audit last; a process that is to run again takes its locks again, since a failure released them. What somebody saw when
they decided (`Process.stand`) comes as `seen`: nothing is done to a process that has moved on meanwhile.

A new verb: a function in `engine.transitions` (and in the tables of its tests), a file here and its export, an `Action`
and its roles in `access.permissions`; over REST `api.interventions`, `api.intervention_schema`, `api.urls`; on pages
`views.verbs` (or `views.interventions` when it asks something), `views.buttons`, `urls`, `_process_buttons.html`; a
line in docs/operations.md. Begin with `retry`.
"""

from processes.actions.abort import abort
from processes.actions.answer import answer, question_of
from processes.actions.continue_at import continue_at
from processes.actions.delete import NotATask, delete
from processes.actions.edit_state import edit_state
from processes.actions.errors import InvalidArgument, Moved, NoteChanged, PredicateRefused
from processes.actions.external_systems import allow_calls, stop_calls
from processes.actions.idempotency import is_used
from processes.actions.note import LONGEST_NOTE, note
from processes.actions.pause import EnginePaused, check_running, pause, unpause
from processes.actions.reserved import OWN_KEYS
from processes.actions.retry import retry
from processes.actions.retry_all import retry_all
from processes.actions.skip import skip
from processes.actions.start import check_start, initial_state, start
from processes.engine.values.errors import Refused
from processes.queries.fleet import EngineStatus, engine_status
from processes.store.locks import LockHeld

__all__ = [
    "LONGEST_NOTE",
    "OWN_KEYS",
    "EnginePaused",
    "EngineStatus",
    "InvalidArgument",
    "LockHeld",
    "Moved",
    "NotATask",
    "NoteChanged",
    "PredicateRefused",
    "Refused",
    "abort",
    "allow_calls",
    "answer",
    "check_running",
    "check_start",
    "continue_at",
    "delete",
    "edit_state",
    "engine_status",
    "initial_state",
    "is_used",
    "note",
    "pause",
    "question_of",
    "retry",
    "retry_all",
    "skip",
    "start",
    "stop_calls",
    "unpause",
]
