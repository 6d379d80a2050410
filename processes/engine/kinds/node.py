"""What every node is: a leaf at which a process stands, or a composite that says which of its nodes is next."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, ClassVar

from processes.engine.values.authorization import Authorize
from processes.engine.values.errors import DefinitionError, InjectionError, StepError
from processes.engine.values.state import StateBytes
from processes.engine.values.status import StepKind

State = dict[str, Any]
"""The state of a process: one JSON object."""

Predicate = Callable[[State], bool]


class Node:
    """A part of a plan; `>>` puts another behind it. `key` is its part of the paths below it, or "" for none."""

    key: str

    def __rshift__(self, other: "Node | StepList") -> "StepList":
        return StepList((self,)) >> other


@dataclass(frozen=True)
class Leaf(Node):
    """A node at which a process can stand. Called, it calls its function, so that a test can use it as one.

    `key` names it for ever in the records of processes, and `formerly` are keys that it had before; `name` is only
    shown. `has_own_key` is false when the key was made of the name. `resume_authorize` and `retry_authorize` say who
    may answer and retry from here on.
    """

    name: str
    key: str
    function: Callable[..., Any]
    formerly: tuple[str, ...] = field(default=(), kw_only=True)
    has_own_key: bool = field(default=True, kw_only=True)
    resume_authorize: Authorize | None = field(default=None, kw_only=True)
    retry_authorize: Authorize | None = field(default=None, kw_only=True)

    kind: ClassVar[StepKind]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)


@dataclass(frozen=True)
class View:
    """What a composite may look at to say what is next: the state after the last step, and the frame that it keeps."""

    encoded: StateBytes
    frame: Any = None

    @cached_property
    def state(self) -> State:
        return self.encoded.as_dict()


@dataclass(frozen=True)
class NextNode:
    """Go into the node with this index. `frame` (JSON) replaces what the composite keeps; with None that stays.

    With `again` what was run before is run once more: all from here on has a new visit, thus new idempotency keys.
    """

    index: int
    frame: Any = None
    again: bool = False


@dataclass(frozen=True)
class Condition:
    """A predicate, and the part of the state that it is asked of."""

    predicate: Predicate
    focus: tuple[str, ...] = ()

    def holds(self, state: StateBytes) -> bool:
        """Ask. Raises InjectionError when the state has no object there, and what the predicate raises."""
        return self.predicate(narrow(state, self.focus).as_dict())


@dataclass(frozen=True)
class Surroundings:
    """What the composites around a node say of it.

    `path` is theirs, joined by `/`, and `former_paths` are those they had. `restart_at` is the path of the group that a
    retry begins anew, `focus` the part of the state that a step sees.
    """

    path: str = ""
    former_paths: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    focus: tuple[str, ...] = ()
    restart_at: str = ""

    def below(self, key: str, formerly: tuple[str, ...] = ()) -> "Surroundings":
        """Those of what lies under a key."""
        return replace(self, path=join(self.path, key), former_paths=self.former_paths_of(key, formerly))

    def former_paths_of(self, key: str, formerly: tuple[str, ...]) -> tuple[str, ...]:
        """Every path that a node with this key, and with those former ones, has had."""
        places = (self.path, *self.former_paths)
        paths = [join(place, name) for place in places for name in (key, *formerly)]
        return tuple(paths[1:])


def join(path: str, key: str) -> str:
    """A path with one more key; without one it stays."""
    return f"{path}/{key}" if path and key else path or key


@dataclass(frozen=True)
class Composite(Node):
    """A node that holds others, here in order; a kind that loops, branches or handles errors overrides what it needs.

    Only one with a key may keep a frame. `is_static` says that what is next depends on neither state nor frame.
    """

    nodes: tuple[Node, ...]
    key: str = field(default="", kw_only=True)
    formerly: tuple[str, ...] = field(default=(), kw_only=True)

    is_static: ClassVar[bool] = True

    def surround(self, outer: Surroundings) -> Surroundings:
        """What lies around the nodes in here."""
        return outer.below(self.key, self.formerly) if self.key else outer

    def first(self, view: View) -> NextNode | None:
        """Where to begin; None when there is nothing to do."""
        return NextNode(0) if self.nodes else None

    def following(self, index: int, view: View) -> NextNode | None:
        """What comes after the node with this index has been done; None when all is done."""
        return NextNode(index + 1) if index + 1 < len(self.nodes) else None

    def handler(self, index: int, error: StepError, view: View) -> NextNode | None:
        """Where to go on when the node with this index has failed for good; None when this is not handled here."""
        return None


@dataclass(frozen=True)
class StepList:
    """Nodes in order; `>>` adds one or joins two lists, and changes neither."""

    nodes: tuple[Node, ...] = ()

    def __rshift__(self, other: "Node | StepList") -> "StepList":
        match other:
            case Node():
                return StepList((*self.nodes, other))
            case StepList():
                return StepList((*self.nodes, *other.nodes))
            case _:
                raise DefinitionError(f"Only a step or a list of steps can follow `>>`, not {other!r}.")

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def __len__(self) -> int:
        return len(self.nodes)


def narrow(state: StateBytes, focus: tuple[str, ...]) -> StateBytes:
    """The part of the state that a focused step sees. Raises InjectionError when it is no object."""
    for key in focus:
        part = state.get(key, None)
        if not isinstance(part, dict | None):
            raise InjectionError(f'"{key}" in the state is not an object, so a step cannot be focused on it.')
        state = StateBytes.of(part or {})
    return state


def widen(state: StateBytes, focus: tuple[str, ...], patch: Mapping[str, bytes]) -> dict[str, bytes]:
    """What a focused step's patch changes in the whole state."""
    if not focus:
        return dict(patch)
    key, *inner = focus
    part = narrow(state, (key,))
    return {key: part.with_patch(widen(part, tuple(inner), patch)).to_json()}
