"""What a workflow is: steps in order under a name. Building one is pure: no settings, no I/O."""

import hashlib
import json
import re
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, overload

from processes.engine.binding import Binding, Unbound
from processes.engine.errors import DefinitionError
from processes.engine.retry import NO_RETRY, Retry
from processes.engine.status import StepKind, Target

WORKFLOW_NAME_LIMIT = 200
NAME_LIMIT = 255
ASSIGNEE_LIMIT = 50

State = dict[str, Any]
"""The state of a process: one JSON object."""

Predicate = Callable[[State], bool]
FormGenerator = Callable[..., Generator[Any, Any, State]]
"""A form: yields page classes, is sent the filled page, returns what is added to the state."""


@dataclass(frozen=True)
class PlanStep:
    """A step as it is stored and compared: its path, name and kind."""

    path: str
    name: str
    kind: StepKind

    def as_json(self) -> dict[str, str]:
        return {"path": self.path, "name": self.name, "kind": self.kind.value}


@dataclass(frozen=True)
class Step:
    """One step. Called, it calls its function, so that a test can use it as one."""

    name: str
    key: str
    function: Callable[..., Any]
    kind: StepKind = StepKind.STEP
    retry: Retry = NO_RETRY
    atomic: bool = False
    assignee: str = "SYSTEM"
    conditions: tuple[Predicate, ...] = ()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    def __rshift__(self, other: "Step | StepList") -> "StepList":
        return StepList((self,)) >> other


@dataclass(frozen=True)
class StepList:
    """Steps in order; `>>` adds one or joins two lists, and changes neither."""

    steps: tuple[Step, ...] = ()

    def __rshift__(self, other: "Step | StepList") -> "StepList":
        match other:
            case Step():
                return StepList((*self.steps, other))
            case StepList():
                return StepList((*self.steps, *other.steps))
            case _:
                raise DefinitionError(f"Only a step or a list of steps can follow `>>`, not {other!r}.")

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)


begin = StepList()
"""Where a workflow begins; empty."""

done = StepList()
"""Where it ends; empty too, for those who like to read it."""


def slug(text: str) -> str:
    """A key made of a name: lower case, words joined by dashes."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def step(
    name: str, *, key: str = "", retry: Retry = NO_RETRY, atomic: bool = False
) -> Callable[[Callable[..., State | None]], Step]:
    """Make a step of a function.

    Arguments are injected by name from the state; a parameter annotated `StepContext` is the context, one named
    `state` the whole state. The returned dictionary is merged shallowly over the state, None changes nothing. The
    function runs outside any transaction and may run again after a crash, under the same
    `StepContext.idempotency_key`; with `atomic=True` it runs inside the commit, exactly once, and must be short and
    touch nothing outside.

    `key` names the step for ever in the records of processes; without it, it is made of the name.
    """

    def decorate(function: Callable[..., State | None]) -> Step:
        return Step(name=name, key=key or slug(name), function=function, retry=retry, atomic=atomic)

    return decorate


def input_step(name: str, *, key: str = "", assignee: str = "NOC") -> Callable[[FormGenerator], Step]:
    """Make a step that waits for a person: the function is a form, whose result is merged into the state.

    The form runs each time somebody looks at it, so it must change nothing.
    """

    def decorate(function: FormGenerator) -> Step:
        return Step(name=name, key=key or slug(name), function=function, kind=StepKind.INPUT, assignee=assignee)

    return decorate


def conditional(predicate: Predicate) -> Callable[[Step | StepList], StepList]:
    """Run steps only when `predicate(state)` holds; asked before each of them, and shown as skipped if not."""

    def wrap(steps: Step | StepList) -> StepList:
        return StepList(tuple(replace(one, conditions=(predicate, *one.conditions)) for one in begin >> steps))

    return wrap


def _check_length(text: str, what: str, limit: int) -> None:
    if len(text) > limit:
        raise DefinitionError(f"{what} has {len(text)} characters; at most {limit} are kept.")


@dataclass(frozen=True)
class Workflow:
    """A definition: a name for ever, what it is for, its form and its steps."""

    name: str
    description: str
    target: Target
    steps: StepList
    form: FormGenerator | None = None
    binding: Binding = field(default_factory=Unbound)
    is_task: bool = False

    def __post_init__(self) -> None:
        _check_length(self.name, f"Workflow {self.name}: its name", WORKFLOW_NAME_LIMIT)
        seen: set[str] = set()
        for one in self.steps:
            where = f'Workflow {self.name}: step "{one.name}"'
            if not one.key:
                raise DefinitionError(f"{where} needs a key.")
            _check_length(one.name, f"{where}: its name", NAME_LIMIT)
            _check_length(one.key, f"{where}: its key", NAME_LIMIT)
            _check_length(one.assignee, f"{where}: its assignee", ASSIGNEE_LIMIT)
            if one.key in seen:
                raise DefinitionError(
                    f'Workflow {self.name} has two steps with the key "{one.key}"; give one a `key=` of its own.'
                )
            seen.add(one.key)

    @cached_property
    def plan(self) -> tuple[PlanStep, ...]:
        """The steps as they are stored, in order."""
        return tuple(PlanStep(one.key, one.name, one.kind) for one in self.steps)

    @cached_property
    def fingerprint(self) -> str:
        """The same for equal plans, and only for them (SHA-256, hexadecimal)."""
        plan = json.dumps([one.as_json() for one in self.plan])
        return hashlib.sha256(plan.encode()).hexdigest()

    @cached_property
    def _by_path(self) -> Mapping[str, Step]:
        return {one.key: one for one in self.steps}

    @cached_property
    def _following(self) -> Mapping[str, PlanStep | None]:
        return dict(zip((one.path for one in self.plan), [*self.plan[1:], None], strict=True))

    def step_at(self, path: str) -> Step | None:
        """The step under a path, or None when this release has none."""
        return self._by_path.get(path)

    def after(self, path: str) -> PlanStep | None:
        """What comes after a path, or None at the end."""
        return self._following[path]

    @property
    def first(self) -> PlanStep | None:
        return self.plan[0] if self.plan else None


@overload
def workflow(description: Callable[[], StepList], /) -> Workflow: ...


@overload
def workflow(
    description: str = "",
    /,
    *,
    target: Target = Target.SYSTEM,
    form: FormGenerator | None = None,
    binding: Binding | None = None,
    name: str = "",
    is_task: bool | None = None,
) -> Callable[[Callable[[], StepList]], Workflow]: ...


def workflow(
    description: str | Callable[[], StepList] = "",
    /,
    *,
    target: Target = Target.SYSTEM,
    form: FormGenerator | None = None,
    binding: Binding | None = None,
    name: str = "",
    is_task: bool | None = None,
) -> Workflow | Callable[[Callable[[], StepList]], Workflow]:
    """Make a workflow of a function that returns its steps; the function is called once, here.

    Its name is the function's unless given; its description the name in plain words unless given.
    """

    def decorate(function: Callable[[], StepList]) -> Workflow:
        known_as = name or function.__name__
        return Workflow(
            name=known_as,
            description=title or known_as.replace("_", " ").capitalize(),
            target=target,
            steps=begin >> function(),
            form=form,
            binding=binding or Unbound(),
            is_task=target is Target.SYSTEM if is_task is None else is_task,
        )

    if callable(description):
        title = ""
        return decorate(description)
    title = description
    return decorate


def task(
    description: str = "", /, *, form: FormGenerator | None = None, name: str = ""
) -> Callable[[Callable[[], StepList]], Workflow]:
    """Make a task: a workflow without customer meaning, bound to nothing."""
    return workflow(description, target=Target.SYSTEM, form=form, name=name, is_task=True)
