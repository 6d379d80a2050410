"""The builders that authors call: steps, inputs, groups, conditionals, focus. `>>` joins what they make."""

import re
from collections.abc import Callable, Generator
from typing import Any

from processes.engine.kinds import (
    Call,
    Conditional,
    Focus,
    Group,
    GroupRetry,
    Input,
    Node,
    OnCrash,
    Predicate,
    StepList,
)
from processes.engine.kinds.node import State
from processes.engine.values.authorization import Authorize
from processes.engine.values.retry import NO_RETRY, Retry

FormGenerator = Callable[..., Generator[Any, Any, State]]
"""A form: yields page classes, is sent the filled page, returns what is added to the state."""

begin = StepList()
"""Where a workflow begins; empty."""

done = StepList()
"""Where it ends; empty too, for those who like to read it."""


def slug(text: str) -> str:
    """A key made of a name: lower case, words joined by dashes."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def step(  # noqa: PLR0913 - each says one thing of a step, by name
    name: str,
    *,
    key: str = "",
    formerly: tuple[str, ...] = (),
    retry: Retry = NO_RETRY,
    atomic: bool = False,
    timeout: float | None = None,
    on_crash: OnCrash | str = OnCrash.RETRY,
    verify: Callable[..., State | None] | None = None,
    system: str = "",
    retry_authorize: Authorize | None = None,
) -> Callable[[Callable[..., State | None]], Call]:
    """Make a step of a function.

    Arguments are injected by name from the state; a parameter annotated `StepContext` is the context, one named
    `state` the whole state. The returned dictionary is merged shallowly over the state, None changes nothing. The
    function runs outside any transaction and may run again after a crash, under the same
    `StepContext.idempotency_key`; with `atomic=True` it runs inside the commit, exactly once, and must be short and
    call no external system.

    `key` names the step for ever in the records of processes; without it, it is made of the name, which then must not
    change. A step that gets another key names those it had in `formerly`, so that processes that stand there go on. A
    try that takes longer than `timeout` seconds is killed with its worker, and counts as failed. With `on_crash="ask"`
    a step whose worker died is not run again until a person says so: it happens at most once without one. `verify`,
    called with arguments like the step's own before every later try, may answer instead: it returns what the step would
    have returned when the effect is there, or None when it is not.

    `system` names the external system that the step calls, such as "inventory". Operators limit how many steps of one
    system run at once, and after some failures in a row no step calls it for a while; the others wait meanwhile, and
    use up no try. An error that says `retryable = False` is an answer of the system, and counts as no failure of it.

    `retry_authorize` says who may retry from here on, as that of a workflow does for the whole.
    """

    def decorate(function: Callable[..., State | None]) -> Call:
        return Call(
            name=name,
            key=key or slug(name),
            function=function,
            formerly=formerly,
            has_own_key=bool(key),
            retry=retry,
            atomic=atomic,
            timeout=timeout,
            on_crash=OnCrash(on_crash),
            verify=verify,
            system=system,
            retry_authorize=retry_authorize,
        )

    return decorate


def input_step(
    name: str,
    *,
    key: str = "",
    formerly: tuple[str, ...] = (),
    assignee: str = "NOC",
    resume_authorize: Authorize | None = None,
    retry_authorize: Authorize | None = None,
) -> Callable[[FormGenerator], Input]:
    """Make a step that waits for a person: the function is a form, whose result is merged into the state.

    The form runs each time somebody looks at it, so it must change nothing. `key` and `formerly` are as of `step`.
    `resume_authorize` and `retry_authorize` say who may answer and retry from here on.
    """

    def decorate(function: FormGenerator) -> Input:
        return Input(
            name,
            key or slug(name),
            function,
            assignee,
            formerly=formerly,
            has_own_key=bool(key),
            resume_authorize=resume_authorize,
            retry_authorize=retry_authorize,
        )

    return decorate


def conditional(predicate: Predicate) -> Callable[[Node | StepList], StepList]:
    """Run steps only when `predicate(state)` holds; asked before each of them, and shown as skipped if not."""

    def wrap(steps: Node | StepList) -> StepList:
        return StepList((Conditional((begin >> steps).nodes, predicate=predicate),))

    return wrap


def step_group(
    name: str,
    steps: Node | StepList,
    *,
    key: str = "",
    formerly: tuple[str, ...] = (),
    retry: GroupRetry | str = GroupRetry.STEP,
) -> StepList:
    """Steps under a common path, `key/step`; each commits by itself.

    A retry goes on at the one that failed. With `retry="whole"` it begins at the first again: each of them runs once
    more, under a new idempotency key, on the state that the earlier try has left.
    """
    nodes = (begin >> steps).nodes
    return StepList((Group(nodes, key=key or slug(name), formerly=formerly, name=name, retry=GroupRetry(retry)),))


def focus(key: str) -> Callable[[Node | StepList], StepList]:
    """Run steps on the object under `key` of the state as if it were the whole; what they return goes in there."""

    def wrap(steps: Node | StepList) -> StepList:
        return StepList((Focus((begin >> steps).nodes, part=key),))

    return wrap
