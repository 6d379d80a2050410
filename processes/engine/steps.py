"""What a workflow is made of: steps, and what may be said of them. Pure values; `>>` joins them."""

import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from processes.engine.errors import DefinitionError
from processes.engine.retry import NO_RETRY, Retry
from processes.engine.status import StepKind

State = dict[str, Any]
"""The state of a process: one JSON object."""

Predicate = Callable[[State], bool]
FormGenerator = Callable[..., Generator[Any, Any, State]]
"""A form: yields page classes, is sent the filled page, returns what is added to the state."""


class OnCrash(StrEnum):
    """What is done when a worker dies during a step, and nobody knows whether its effect took place."""

    RETRY = "retry"
    ASK = "ask"


class GroupRetry(StrEnum):
    """Where a retry of a group goes on: at the sub-step that failed, or at the first one."""

    STEP = "step"
    WHOLE = "whole"


@dataclass(frozen=True)
class Step:
    """One step. Called, it calls its function, so that a test can use it as one.

    Its key is its path: joined by `/` behind the keys of the groups it lies in. `focus` names the part of the state
    that it sees, `restart_at` the group that a retry begins anew, `system` the outside system that it calls.
    """

    name: str
    key: str
    function: Callable[..., Any]
    kind: StepKind = StepKind.STEP
    retry: Retry = NO_RETRY
    atomic: bool = False
    assignee: str = "SYSTEM"
    conditions: tuple[Predicate, ...] = ()
    focus: tuple[str, ...] = ()
    restart_at: str = ""
    timeout: float | None = None
    on_crash: OnCrash = OnCrash.RETRY
    verify: Callable[..., State | None] | None = None
    system: str = ""

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
    name: str,
    *,
    key: str = "",
    retry: Retry = NO_RETRY,
    atomic: bool = False,
    timeout: float | None = None,
    on_crash: OnCrash | str = OnCrash.RETRY,
    verify: Callable[..., State | None] | None = None,
    system: str = "",
) -> Callable[[Callable[..., State | None]], Step]:
    """Make a step of a function.

    Arguments are injected by name from the state; a parameter annotated `StepContext` is the context, one named
    `state` the whole state. The returned dictionary is merged shallowly over the state, None changes nothing. The
    function runs outside any transaction and may run again after a crash, under the same
    `StepContext.idempotency_key`; with `atomic=True` it runs inside the commit, exactly once, and must be short and
    touch nothing outside.

    `key` names the step for ever in the records of processes; without it, it is made of the name. A try that takes
    longer than `timeout` seconds is killed with its worker, and counts as failed. With `on_crash="ask"` a step whose
    worker died is not run again until a person says so: it happens at most once without one. `verify`, called with
    arguments like the step's own before every later try, may answer instead: it returns what the step would have
    returned when the effect is there, or None when it is not.

    `system` names the outside system that the step calls, such as "inventory". Operators limit how many steps of one
    system run at once, and after some failures in a row no step calls it for a while; the others wait meanwhile, and
    use up no try. An error that says `retryable = False` is an answer of the system, and counts as no failure of it.
    """

    def decorate(function: Callable[..., State | None]) -> Step:
        return Step(
            name=name,
            key=key or slug(name),
            function=function,
            retry=retry,
            atomic=atomic,
            timeout=timeout,
            on_crash=OnCrash(on_crash),
            verify=verify,
            system=system,
        )

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


def step_group(
    name: str, steps: Step | StepList, *, key: str = "", retry: GroupRetry | str = GroupRetry.STEP
) -> StepList:
    """Steps under a common path, `key/step`; each commits by itself.

    A retry goes on at the one that failed. With `retry="whole"` it begins at the first again: each of them runs once
    more, under a new idempotency key, on the state that the earlier try has left.
    """
    path = key or slug(name)
    whole = GroupRetry(retry) is GroupRetry.WHOLE

    def into_group(one: Step) -> Step:
        restart = path if whole else (f"{path}/{one.restart_at}" if one.restart_at else "")
        return replace(one, key=f"{path}/{one.key}" if one.key else "", restart_at=restart)

    return StepList(tuple(map(into_group, begin >> steps)))


def focus(key: str) -> Callable[[Step | StepList], StepList]:
    """Run steps on the object under `key` of the state as if it were the whole; what they return goes in there."""

    def inside(predicate: Predicate) -> Predicate:
        return lambda state: predicate(state.get(key) or {})

    def wrap(steps: Step | StepList) -> StepList:
        return StepList(
            tuple(
                replace(one, focus=(key, *one.focus), conditions=tuple(map(inside, one.conditions)))
                for one in begin >> steps
            )
        )

    return wrap
