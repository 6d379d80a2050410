"""What can go wrong in the engine, and the record that is kept of an error raised by a step."""

import traceback
from dataclasses import dataclass

from processes.engine.values.secrets import hide
from processes.engine.values.status import ProcessStatus
from processes.engine.values.text import clean_text, visible

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

    Secrets that are open while it is made have a mask in their place.
    """

    class_name: str
    message: str
    traceback: str

    @classmethod
    def of(cls, error: BaseException) -> "StepError":
        name = type(error).__name__
        trace = hide("".join(traceback.format_exception(error)))
        message = hide(_text_of(error) or name)
        return cls(visible(name)[:NAME_LIMIT], _shown(message)[:REASON_LIMIT], _shown(trace)[-TRACEBACK_LIMIT:])

    def as_json(self) -> dict[str, str]:
        return {"class": self.class_name, "message": self.message, "traceback": self.traceback}


def _shown(text: str) -> str:
    """What may come from an external system, as it is stored and shown: it commands no terminal."""
    return visible(clean_text(text))


def _text_of(error: BaseException) -> str:
    """What the error says of itself, even if saying it fails."""
    try:
        return str(error)
    except Exception as broken:
        return f"The message of this error could not be rendered: {type(broken).__name__}."


class Inconsistent(Exception):
    """Data disagree: an external system shows something else than the subscription says. Raised by steps."""


InconsistentData = Inconsistent
"""The name that authors of the Workflow Orchestrator know."""


def failed_status(error: BaseException, *, is_task: bool) -> ProcessStatus:
    """How a failure is called. Tasks tell an unreachable system and inconsistent data apart from other failures.

    An external error says so itself by an attribute `retryable = True`.
    """
    if not is_task:
        return ProcessStatus.FAILED
    if isinstance(error, AssertionError | Inconsistent):
        return ProcessStatus.INCONSISTENT_DATA
    if says_retryable(error) is True:
        return ProcessStatus.API_UNAVAILABLE
    return ProcessStatus.FAILED


def blames_system(error: BaseException) -> bool:
    """Whether an error tells of trouble in the external system that the step calls.

    Every error does, except one that says `retryable = False` (the system has understood and said no) and those that
    tell of data that disagree.
    """
    return not isinstance(error, AssertionError | Inconsistent) and says_retryable(error) is not False


def says_retryable(error: BaseException) -> bool | None:
    """What an error says of itself by its attribute `retryable`: True, False, or None when it says nothing."""
    told = getattr(error, "retryable", None)
    return told if isinstance(told, bool) else None


class Refused(Exception):
    """The process does not allow this now; `reason` is a sentence for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
