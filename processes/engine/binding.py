"""The seam between processes and what they are about: a workflow carries a binding, called and never known.

One order holds: `resources` and `on_start` inside the start transaction, `session` around each step, its `commit`
inside the transaction that commits the step, `on_end` inside the one that completes, fails or aborts the process.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Protocol, runtime_checkable
from uuid import UUID

from processes.engine.values.errors import StepError
from processes.engine.values.status import ProcessStatus

if TYPE_CHECKING:
    from processes.engine.workflow import Workflow


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()
"""No such value; None is a value."""


@dataclass(frozen=True)
class Subject:
    """What a process is about: `kind` such as "subscription", its id, and a label to show.

    `takes` is a lock key that the process holds from the commit on in which a session tells of the subject.
    """

    kind: str
    id: str
    label: str
    takes: str = ""


@dataclass(frozen=True)
class Start:
    """A start as the binding sees it: `state` is what the form returned, `by` the name of the user.

    `revision` is that of what the form was checked against, as `Versioned` gives it; empty where nobody says.
    """

    process_id: UUID
    workflow: "Workflow"
    state: Mapping[str, Any]
    by: str
    revision: str = ""


@dataclass(frozen=True)
class Started:
    """What a start adds: keys of the state, and subjects."""

    state: Mapping[str, Any] = field(default_factory=dict)
    subjects: tuple[Subject, ...] = ()


@dataclass(frozen=True)
class StepRun:
    """One try of a step: `resources` are the lock keys that the process holds."""

    process_id: UUID
    workflow: "Workflow"
    path: str
    visit: int
    resources: tuple[str, ...]
    by: str


@dataclass(frozen=True)
class End:
    """A process completes, fails or aborts; `by` is who did it (SYSTEM for the engine), `error` what it failed of."""

    process_id: UUID
    workflow: "Workflow"
    status: ProcessStatus
    state: Mapping[str, Any]
    subjects: tuple[Subject, ...]
    resources: tuple[str, ...]
    by: str
    error: StepError | None = None


class Reader(Protocol):
    """Hands out what a binding knows, to forms to be read only."""

    def inject(self, name: str, annotation: object, value: object) -> object:
        """The argument for a parameter, or MISSING if its annotation is not this binding's; `value` may be MISSING."""


class StepSession(Reader, Protocol):
    """The binding's side of one step: what it handed out, and what came back."""

    def collect(self, returned: Mapping[str, object]) -> dict[str, Any]:
        """The returned dictionary with domain objects replaced by JSON references.

        Raises when something that was handed out has changed and was not returned.
        """

    @property
    def has_changes(self) -> bool:
        """Whether `commit` has anything to write."""

    def commit(self) -> tuple[Subject, ...]:
        """Write, inside the commit transaction; subjects that are new or have a new label are returned.

        Called once more when the database was lost before the first transaction was committed.
        """


class Binding(Protocol):
    """What a workflow is bound to."""

    def resources(self, start: Start) -> tuple[str, ...]:
        """Lock keys, taken before `on_start`; a key that another process holds refuses the start."""

    def on_start(self, start: Start) -> Started:
        """Inside the start transaction, with the locks held. Raises StartRefused."""

    def session(self, run: StepRun) -> StepSession:
        """Called before each try of a step, outside of any transaction."""

    def on_end(self, end: End) -> None:
        """Inside the transaction that completes, fails or aborts the process."""


@runtime_checkable
class Supplier(Protocol):
    """A binding that says what it fills; of one that does not, everything is believed."""

    kinds: str
    """What it fills, in words."""

    def supplies(self, annotation: object) -> bool:
        """Whether a parameter with this annotation is filled by it."""

    def reader(self) -> Reader:
        """What forms and input steps are handed: the same to read only."""


@dataclass(frozen=True)
class Meanwhile:
    """A change of what a form is about, since it was opened: who, when, by which process, and the names of values."""

    by: str
    at: datetime
    process_id: UUID | None
    names: tuple[str, ...]


@runtime_checkable
class Versioned(Protocol):
    """A binding that can tell what has become of the subject of a start since somebody looked at it."""

    def revision(self, answers: Mapping[str, Any]) -> str:
        """Another text after each change of what these answers to page 0 name; empty where they name nothing."""

    def meanwhile(self, answers: Mapping[str, Any], since: str) -> tuple[Meanwhile, ...]:
        """The changes of its values since that revision, the latest first."""


class UnboundSession:
    """Hands out nothing and writes nothing."""

    has_changes = False

    def inject(self, name: str, annotation: object, value: object) -> object:
        return MISSING

    def collect(self, returned: Mapping[str, object]) -> dict[str, Any]:
        return dict(returned)

    def commit(self) -> tuple[Subject, ...]:
        return ()


class Unbound:
    """The binding of tasks: about nothing, locks nothing."""

    kinds = ""

    def supplies(self, annotation: object) -> bool:
        return False

    def reader(self) -> Reader:
        return UnboundSession()

    def resources(self, start: Start) -> tuple[str, ...]:
        return ()

    def on_start(self, start: Start) -> Started:
        return Started()

    def session(self, run: StepRun) -> StepSession:
        return UnboundSession()

    def on_end(self, end: End) -> None:
        """Nothing to put right."""


def is_bound(binding: Binding) -> bool:
    """Whether anybody is to be asked or told; a binding that builds on `Unbound` is one that is."""
    return type(binding) is not Unbound
