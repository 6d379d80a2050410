"""What every decorator of a workflow takes besides its name and steps, and what each option may be."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict, overload

from processes.engine.injection import form_arguments
from processes.engine.steps import FormGenerator
from processes.engine.values.authorization import Authorize
from processes.engine.values.errors import DefinitionError, InjectionError, StartRefused
from processes.engine.values.text import is_storable

ORDINARY = 10
TASK = 0
"""The priority of a task unless it says otherwise: what is ordered goes first."""
MOST = 100

LONGEST_KEY = 200
_KEY = "key:"


def _none() -> int:
    return 0


@dataclass(frozen=True)
class RunContext:
    """What a run predicate may ask: the workflow's name, how many processes of it have not ended, and how many of these
    have failed.
    """

    workflow_name: str
    unfinished: Callable[[], int]
    failed: Callable[[], int] = _none


RunPredicate = Callable[[RunContext], str | None]
"""Whether a start is welcome now: None, or why not, in a sentence."""


@overload
def only_one_at_a_time(context: RunContext, /) -> str | None: ...


@overload
def only_one_at_a_time(*, counts_failed: bool) -> RunPredicate: ...


def only_one_at_a_time(
    context: RunContext | None = None, /, *, counts_failed: bool = False
) -> RunPredicate | str | None:
    """A run predicate: refuse a start while a process of the same workflow has not ended.

    One that has failed counts only when asked for, as in `run_predicate=only_one_at_a_time(counts_failed=True)`: it may
    wait for a person for days, and nobody would notice what is not run meanwhile.
    """

    def predicate(asked: RunContext) -> str | None:
        unfinished = asked.unfinished()
        is_busy = unfinished and (counts_failed or unfinished > asked.failed())
        return f"{asked.workflow_name} is already running." if is_busy else None

    return predicate if context is None else predicate(context)


Locks = str | Iterable[str] | Callable[..., str | Iterable[str]]
"""Keys of what a process holds from its start; or a function of the state that gives them, its arguments by name."""


class Options(TypedDict, total=False):
    """The options that every decorator takes.

    `form` asks for what the steps need. `locks` are further things that only one process may hold at a time, such as a
    VLAN on a port: texts that people can read. `run_predicate` says whether a start is welcome now. `authorize`,
    `resume_authorize` and `retry_authorize` are a role, or a function, that say who may start, answer and retry;
    the latter two are the first one unless given. What has a higher `priority` runs first; tasks have a lower one.
    """

    form: FormGenerator | None
    locks: Locks | None
    run_predicate: RunPredicate | None
    authorize: Authorize | None
    resume_authorize: Authorize | None
    retry_authorize: Authorize | None
    priority: int | None


def check_priority(priority: object, where: str) -> None:
    """Raise DefinitionError unless it is a whole number that can be kept."""
    if not isinstance(priority, int) or isinstance(priority, bool) or not -MOST <= priority <= MOST:
        raise DefinitionError(f"{where}: its priority is a whole number from {-MOST} to {MOST}, not {priority!r}.")


def lock_keys(locks: Locks | None, state: Mapping[str, Any]) -> tuple[str, ...]:
    """The resources that stand for these keys, each once and in order. Raises StartRefused when one is no key."""
    if locks is None:
        return ()
    told = told_by(locks, state, "what to lock") if callable(locks) else locks
    keys = [told] if isinstance(told, str) else told
    if not isinstance(keys, Iterable):
        raise StartRefused(f"A key to lock is a text, not {keys!r}.")
    return tuple(sorted({_KEY + _checked(key) for key in keys}))


def shown(resource: str) -> str:
    """The key as its author has written it; any other resource as it is."""
    return resource.removeprefix(_KEY)


def told_by(function: Callable[..., Any], state: Mapping[str, Any], what: str) -> Any:
    """What a function of an author tells from the state. Raises StartRefused when it cannot."""
    try:
        return function(**form_arguments(function, dict(state)))
    except (InjectionError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise StartRefused(f"The answers do not tell {what}: {type(error).__name__}: {error}") from error


def _checked(key: object) -> str:
    if not isinstance(key, str) or not key.strip() or not is_storable(key):
        raise StartRefused(f"A key to lock is a text, not {key!r}.")
    if len(key) > LONGEST_KEY:
        raise StartRefused(f"A key to lock has at most {LONGEST_KEY} characters, and this one {len(key)}: {key[:50]}…")
    return key
