"""What a workflow is: steps in order under a name. Building one is pure: no settings, no I/O."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import overload

from processes.engine.binding import Binding, Unbound
from processes.engine.errors import DefinitionError
from processes.engine.plan import PlanStep
from processes.engine.status import Target
from processes.engine.steps import FormGenerator, Step, StepList, begin

WORKFLOW_NAME_LIMIT = 200
NAME_LIMIT = 255
ASSIGNEE_LIMIT = 50
SYSTEM_LIMIT = 100


@dataclass(frozen=True)
class RunContext:
    """What a run predicate may ask: the workflow's name, and how many processes of it have not ended."""

    workflow_name: str
    unfinished: Callable[[], int]


RunPredicate = Callable[[RunContext], str | None]
"""Whether a start is welcome now: None, or why not, in a sentence."""


def only_one_at_a_time(context: RunContext) -> str | None:
    """A run predicate: refuse a start while a process of the same workflow has not ended."""
    return f"{context.workflow_name} is already running." if context.unfinished() else None


def _check_length(text: str, what: str, limit: int) -> None:
    if len(text) > limit:
        raise DefinitionError(f"{what} has {len(text)} characters; at most {limit} are allowed.")


def _check_system(one: Step, where: str) -> None:
    _check_length(one.system, f"{where}: its system", SYSTEM_LIMIT)
    if one.system and not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", one.system):
        raise DefinitionError(f'{where}: the name of a system consists of a-z, 0-9, "-" and "_", not "{one.system}".')
    if one.system and one.atomic:
        raise DefinitionError(f"{where} runs inside its commit, so it must not call an external system.")


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
    run_predicate: RunPredicate | None = None

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
            _check_system(one, where)
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

    @cached_property
    def systems(self) -> frozenset[str]:
        """The outside systems that its steps call."""
        return frozenset(one.system for one in self.steps if one.system)

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
    run_predicate: RunPredicate | None = None,
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
    run_predicate: RunPredicate | None = None,
) -> Workflow | Callable[[Callable[[], StepList]], Workflow]:
    """Make a workflow of a function that returns its steps; the function is called once, here.

    Its name is the function's unless given; its description the name in plain words unless given. With a
    `run_predicate` a start that it does not welcome is refused, and nothing is stored.
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
            run_predicate=run_predicate,
        )

    if callable(description):
        title = ""
        return decorate(description)
    title = description
    return decorate


def task(
    description: str = "",
    /,
    *,
    form: FormGenerator | None = None,
    name: str = "",
    run_predicate: RunPredicate | None = None,
) -> Callable[[Callable[[], StepList]], Workflow]:
    """Make a task: a workflow without customer meaning, bound to nothing."""
    return workflow(description, target=Target.SYSTEM, form=form, name=name, is_task=True, run_predicate=run_predicate)
