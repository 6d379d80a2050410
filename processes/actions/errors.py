"""Why a verb was not carried out; nothing has changed when one of these is raised."""

from processes.models import Process


class NotPossible(Exception):
    """The process does not allow this now; `reason` is a sentence for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotNow(NotPossible):
    """The workflow does not welcome a start now, as its run predicate says."""


class LockHeld(NotPossible):
    """Another process holds something that this one needs."""

    def __init__(self, resource: str, holder: Process) -> None:
        super().__init__(f"{resource} is locked by {holder.workflow_name} ({holder.id}), which is {holder.status}.")
        self.resource = resource
        self.holder = holder


class Unfit(ValueError):
    """What was given for `field` does not hold; the message is a sentence for people."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
