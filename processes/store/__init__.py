"""Every SQL statement and dialect of this app, by name; `.cursor(` stands nowhere else in `processes`.

Not here: what a statement is for (that is said by who calls it), and rules of a run (`processes.engine.transitions`).
Never move a process without its fence in the condition. Begin with `claims`, then `commits`.
"""

from processes.engine.store import Claim, Committed, Fenced
from processes.store.claims import LEASE_SECONDS, claim, next_moment
from processes.store.commits import commit, move
from processes.store.dialect import DATABASE_LOST, db_key, is_postgresql, prepared_cursor
from processes.store.state import Loaded, load, load_state, save_snapshot

__all__ = [
    "DATABASE_LOST",
    "LEASE_SECONDS",
    "Claim",
    "Committed",
    "Fenced",
    "Loaded",
    "claim",
    "commit",
    "db_key",
    "is_postgresql",
    "load",
    "load_state",
    "move",
    "next_moment",
    "prepared_cursor",
    "save_snapshot",
]
