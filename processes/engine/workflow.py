"""What a workflow is: steps in order under a name. Building one is pure: no settings, no I/O."""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Unpack, overload

from processes.engine.binding import Binding, Supplier, Unbound, is_bound
from processes.engine.injection import with_reader
from processes.engine.kinds import Call, Input, Leaf, StepList
from processes.engine.options import ORDINARY, TASK, Locks, Options, RunPredicate, check_priority
from processes.engine.parameters import Askable, check_parameters
from processes.engine.plan import PlanStep
from processes.engine.steps import FormGenerator, begin
from processes.engine.tree import Place, Tree
from processes.engine.values.authorization import Act, Authorize, check_rule
from processes.engine.values.errors import DefinitionError
from processes.engine.values.status import Target

WORKFLOW_NAME_LIMIT = 200
NAME_LIMIT = 255
ASSIGNEE_LIMIT = 50
SYSTEM_LIMIT = 100

START_NAMES = ("reporter", "workflow_name", "workflow_target")
"""What the form of a start finds in the state; names as orchestrator-core has them."""


def _check_length(text: str, what: str, limit: int) -> None:
    if len(text) > limit:
        raise DefinitionError(f"{what} has {len(text)} characters; at most {limit} are allowed.")


def _check_system(call: Call, where: str) -> None:
    _check_length(call.system, f"{where}: its system", SYSTEM_LIMIT)
    if call.system and not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", call.system):
        raise DefinitionError(f'{where}: the name of a system consists of a-z, 0-9, "-" and "_", not "{call.system}".')
    if call.system and call.atomic:
        raise DefinitionError(f"{where} runs inside its commit, so it must not call an external system.")


def _check_place(place: Place, workflow_name: str) -> None:
    where = f'Workflow {workflow_name}: step "{place.leaf.name}"'
    if not place.leaf.key:
        raise DefinitionError(f"{where} needs a key.")
    _check_length(place.leaf.name, f"{where}: its name", NAME_LIMIT)
    _check_length(place.path, f"{where}: its key", NAME_LIMIT)
    match place.leaf:
        case Input():
            _check_length(place.leaf.assignee, f"{where}: its assignee", ASSIGNEE_LIMIT)
        case Call():
            _check_system(place.leaf, where)


def askable_of(binding: Binding, *, has_context: bool, names: Collection[str] | None = None) -> Askable:
    """What a step or form of a workflow with this binding may ask for."""
    if not isinstance(binding, Supplier):
        return Askable(has_context, names=names)
    return Askable(has_context, binding.supplies, names, binding.kinds)


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
    locks: Locks | None = None
    authorize: Authorize | None = None
    resume_authorize: Authorize | None = None
    retry_authorize: Authorize | None = None
    priority: int = ORDINARY

    def __post_init__(self) -> None:
        _check_length(self.name, f"Workflow {self.name}: its name", WORKFLOW_NAME_LIMIT)
        for place in self.tree.places:
            _check_place(place, self.name)
            self._check_parameters(place)
        if self.form is not None:
            askable = self.askable(has_context=False, names=START_NAMES)
            check_parameters(self.form, f"Workflow {self.name}: its form", askable)
        if callable(self.locks):
            check_parameters(self.locks, f"Workflow {self.name}: its locks", Askable(has_context=False))
        for rule in (self.authorize, self.resume_authorize, self.retry_authorize):
            check_rule(rule, f"Workflow {self.name}: who may")
        check_priority(self.priority, f"Workflow {self.name}")

    def authorization(self, act: Act, path: str = "") -> Authorize | None:
        """Who may do this to a process that stands at `path`: what the nearest step says that is done or due there.

        An answer is ruled by the last step that says `resume_authorize`, a retry by the last that says either.
        """
        if act is Act.START:
            return self.authorize
        says = "resume_authorize" if act is Act.RESUME else "retry_authorize"
        steps = self._up_to(path)
        nearest = (getattr(leaf, says) or (leaf.resume_authorize if act is Act.RETRY else None) for leaf in steps)
        return next(filter(None, nearest), None) or getattr(self, says) or self.authorize

    def _up_to(self, path: str) -> Iterator[Leaf]:
        """The steps up to the one at `path`, the last one first."""
        places = self.tree.places
        index = next((number for number, place in enumerate(places) if place.path == path), -1)
        return (place.leaf for place in reversed(places[: index + 1]))

    def askable(self, *, has_context: bool, names: Collection[str] | None = None) -> Askable:
        """What its steps, or its forms, may ask for."""
        return askable_of(self.binding, has_context=has_context, names=names)

    def question(self, step: Leaf) -> FormGenerator:
        """The form of an input step, which is handed what the binding knows, to be read only."""
        if not is_bound(self.binding) or not isinstance(self.binding, Supplier):
            return step.function
        return with_reader(step.function, self.binding.reader)

    def _check_parameters(self, place: Place) -> None:
        where = f'Workflow {self.name}: step "{place.leaf.name}"'
        is_form = isinstance(place.leaf, Input)
        check_parameters(place.leaf.function, where, self.askable(has_context=not is_form))
        if isinstance(place.leaf, Call) and place.leaf.verify is not None:
            check_parameters(place.leaf.verify, f"{where}: its verify", self.askable(has_context=True))

    @cached_property
    def tree(self) -> Tree:
        """The steps as a tree: where a process can stand, and what comes next. Raises DefinitionError."""
        try:
            return Tree(self.steps)
        except DefinitionError as error:
            raise DefinitionError(f"Workflow {self.name}: {error}") from error

    @cached_property
    def plan(self) -> tuple[PlanStep, ...]:
        """The steps as they are stored, in order."""
        return tuple(place.planned for place in self.tree.places)

    @cached_property
    def fingerprint(self) -> str:
        """The same for plans of the same steps, and only for them; names do not count (SHA-256, hexadecimal)."""
        plan = json.dumps([step.identity for step in self.plan])
        return hashlib.sha256(plan.encode()).hexdigest()

    @cached_property
    def systems(self) -> frozenset[str]:
        """The external systems that its steps call."""
        calls = (place.leaf for place in self.tree.places if isinstance(place.leaf, Call))
        return frozenset(call.system for call in calls if call.system)


class WorkflowOptions(Options, total=False):
    """Those of `workflow` besides: what it is for, and what it is about."""

    target: Target
    binding: Binding | None
    name: str
    is_task: bool | None


class TaskOptions(Options, total=False):
    """Those of `task` besides."""

    name: str


@overload
def workflow(description: Callable[[], StepList], /) -> Workflow: ...


@overload
def workflow(
    description: str = "", /, **options: Unpack[WorkflowOptions]
) -> Callable[[Callable[[], StepList]], Workflow]: ...


def workflow(
    description: str | Callable[[], StepList] = "", /, **options: Unpack[WorkflowOptions]
) -> Workflow | Callable[[Callable[[], StepList]], Workflow]:
    """Make a workflow of a function that returns its steps; the function is called once, here.

    Its name is the function's unless given; its description the name in plain words unless given. The options are those
    of `Options`. Raises DefinitionError.
    """
    known = WorkflowOptions.__annotations__.keys()
    if unknown := sorted(options.keys() - known):
        raise DefinitionError(f"A workflow has no option {unknown[0]}; it has {', '.join(sorted(known))}.")

    def decorate(function: Callable[[], StepList]) -> Workflow:
        known_as = options.get("name") or function.__name__
        target, is_task, priority = (
            options.get("target", Target.SYSTEM),
            options.get("is_task"),
            options.get("priority"),
        )
        if is_task is None:
            is_task = target is Target.SYSTEM
        return Workflow(
            name=known_as,
            description=title or known_as.replace("_", " ").capitalize(),
            target=target,
            steps=begin >> function(),
            form=options.get("form"),
            binding=options.get("binding") or Unbound(),
            is_task=is_task,
            run_predicate=options.get("run_predicate"),
            locks=options.get("locks"),
            authorize=options.get("authorize"),
            resume_authorize=options.get("resume_authorize"),
            retry_authorize=options.get("retry_authorize"),
            priority=(TASK if is_task else ORDINARY) if priority is None else priority,
        )

    if callable(description):
        title = ""
        return decorate(description)
    title = description
    return decorate


def task(description: str = "", /, **options: Unpack[TaskOptions]) -> Callable[[Callable[[], StepList]], Workflow]:
    """Make a task: a workflow without customer meaning, bound to nothing. Its options are those of `Options`."""
    return workflow(description, target=Target.SYSTEM, is_task=True, **options)
