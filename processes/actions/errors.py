"""Why a verb was not carried out; nothing has changed when one of these is raised."""

from processes.engine.values.errors import Refused
from processes.models import Process
from processes.plugins.panels import links
from processes.store.locks import LockHeld


class PredicateRefused(Refused):
    """The workflow does not welcome a start now, as its run predicate says."""


class Moved(Refused):
    """Something has happened to the process since the caller looked at it; nothing is done to what it has become."""

    def __init__(self, process: Process) -> None:
        self.stand = process.stand
        where = f" at {process.last_step}" if process.last_step else ""
        super().__init__(f"The process has changed since you looked at it: it is {process.status}{where} now.")


def check_seen(process: Process, seen: str) -> None:
    """Raise Moved unless the process, whose row is locked, stands as the caller saw it; "" means that all will do."""
    if seen and seen != process.stand:
        raise Moved(process)


class InvalidArgument(ValueError):
    """What was given for `field` does not hold; the message is a sentence for people."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NoteChanged(Refused):
    """Somebody has changed the note since it was read; `note` is what it is now."""

    def __init__(self, note: str) -> None:
        self.note = note
        super().__init__(
            f"Somebody has changed the note since you opened it. It is now: “{note}”. Save again to replace it."
            if note
            else "Somebody has cleared the note since you opened it. Save again to replace it."
        )


def named(held: LockHeld) -> LockHeld:
    """The same, with the name that people know of what is locked; ask outside of the transaction that it has ended."""
    kind, _, subject_id = held.resource.partition(":")
    known = links([(kind, subject_id, "")])[kind, subject_id]
    return LockHeld(held.resource, held.holder, known["label"]) if known["url"] else held
