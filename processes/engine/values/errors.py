"""What can go wrong in the engine, and the record that is kept of an error raised by a step."""

import traceback
from dataclasses import dataclass
from typing import Any

from processes.engine.values.failures import details_of
from processes.engine.values.secrets import hidden, hide
from processes.engine.values.text import clean_text, said_by, visible

NAME_LIMIT = 255
REASON_LIMIT = 10_000
TRACEBACK_LIMIT = 50_000


class DefinitionError(Exception):
    """A workflow is put together wrongly; the message names the workflow and the step."""


@dataclass(frozen=True)
class Blocker:
    """Something that stands in the way of a start: what it is, and a label to show."""

    kind: str
    id: str
    label: str


class StartRefused(Exception):
    """The subject of a workflow does not allow this start now; `reason` is a sentence for people."""

    def __init__(self, reason: str, blockers: tuple[Blocker, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.blockers = blockers


class UnknownObject(LookupError):
    """Something of this name or id does not exist; the message is a sentence for people, who see a "not found"."""


class InjectionError(Exception):
    """A step asks for an argument that the state does not have."""


class ResultError(ValueError):
    """A step returned something that cannot become state; the message names the key and why."""


@dataclass(frozen=True)
class StepError:
    """An exception as it is stored: class name, message (10 000 characters at most) and the tail of the traceback.

    `details` is JSON that the error carries, such as the differences of a drift. Secrets that are open while it is made
    have a mask in their place.
    """

    class_name: str
    message: str
    traceback: str
    details: Any = None

    @classmethod
    def of(cls, error: BaseException) -> "StepError":
        name = type(error).__name__
        trace = hide("".join(traceback.format_exception(error)))
        message = hide(said_by(error, "message of this error") or name)
        details = hidden(details_of(error))
        return cls(
            visible(name)[:NAME_LIMIT], _shown(message)[:REASON_LIMIT], _shown(trace)[-TRACEBACK_LIMIT:], details
        )

    def as_json(self) -> dict[str, Any]:
        told = {"class": self.class_name, "message": self.message, "traceback": self.traceback}
        return told if self.details is None else {**told, "details": self.details}


def _shown(text: str) -> str:
    """What may come from an external system, as it is stored and shown: it commands no terminal."""
    return visible(clean_text(text))


class Refused(Exception):
    """The process does not allow this now; `reason` is a sentence for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
