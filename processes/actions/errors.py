"""Why a verb was not carried out; nothing has changed when one of these is raised."""

from processes.engine.values.errors import Refused


class PredicateRefused(Refused):
    """The workflow does not welcome a start now, as its run predicate says."""


class InvalidArgument(ValueError):
    """What was given for `field` does not hold; the message is a sentence for people."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
