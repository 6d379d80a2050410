"""Every SQL statement and dialect of this app, by name; `.cursor(` stands nowhere else in `processes`.

Not here: what a statement is for (that is said by who calls it), and rules of a run (`processes.engine.transitions`).
Never write a process row without its fence in the condition. Begin with `claims`, then `commits`.
"""

from processes.store.claims import BUSY, LEASE_SECONDS, Claim, Fenced, claim, next_moment, tries_before
from processes.store.commits import Change, Committed, StepRow, commit
from processes.store.dialect import db_key, is_postgresql, moment_of, prepared_cursor, text_of, uuid_of
from processes.store.in_doubt import what_became
from processes.store.leases import adopt_version, beat, let_go, set_deadline, show_progress, wait_for_system
from processes.store.state import Loaded, load, load_state, save_snapshot

__all__ = [
    "BUSY",
    "LEASE_SECONDS",
    "Change",
    "Claim",
    "Committed",
    "Fenced",
    "Loaded",
    "StepRow",
    "adopt_version",
    "beat",
    "claim",
    "commit",
    "db_key",
    "is_postgresql",
    "let_go",
    "load",
    "load_state",
    "moment_of",
    "next_moment",
    "prepared_cursor",
    "save_snapshot",
    "set_deadline",
    "show_progress",
    "text_of",
    "tries_before",
    "uuid_of",
    "wait_for_system",
    "what_became",
]
