"""The plan of a workflow as a tree: where a process can stand, and what comes next. Pure.

A position is the path of a leaf, a visit and frames. The visit grows whenever something is run again; frames are the
small JSON values that composites around the leaf keep while it is due, by their path.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from processes.engine.kinds import Composite, Condition, Leaf, NextNode, StepList, Surroundings, View
from processes.engine.kinds.node import join
from processes.engine.plan import AT_END, PlanStep
from processes.engine.values.errors import DefinitionError, StepError
from processes.engine.values.state import StateBytes

MOST_ROUNDS = 100_000
"""How often in a row composites may be entered and left without coming to a leaf."""


@dataclass(frozen=True)
class Position:
    """Where a process stands: at a leaf, or behind the last one (path "")."""

    path: str
    visit: int = 1
    frames: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_end(self) -> bool:
        return self.path == AT_END


@dataclass(frozen=True)
class Level:
    """A composite around a place: the path of its nodes, and the index of the node in it that leads to the place."""

    composite: Composite
    index: int
    path: str
    former_paths: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """A leaf, with what lies around it. `levels` are the composites around it, the innermost first."""

    path: str
    leaf: Leaf
    around: Surroundings
    levels: tuple[Level, ...]

    @property
    def former_paths(self) -> tuple[str, ...]:
        return self.around.former_paths_of(self.leaf.key, self.leaf.formerly)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        return self.around.conditions

    @property
    def focus(self) -> tuple[str, ...]:
        return self.around.focus

    @property
    def planned(self) -> PlanStep:
        return PlanStep(self.path, self.leaf.name, self.leaf.kind)


class Tree:
    """The steps of a workflow, ready to be walked. Raises DefinitionError when two leaves have one path."""

    def __init__(self, steps: StepList) -> None:
        self._root = Composite(steps.nodes)
        self.places: tuple[Place, ...] = tuple(_places(self._root, Surroundings(), ()))
        self._by_path = {place.path: place for place in self.places}
        self._order = {place.path: number for number, place in enumerate(self.places)}
        if len(self._by_path) < len(self.places):
            raise DefinitionError(
                f'there are two steps with the key "{_first_double(self.places)}"; give one a `key=` of its own.'
            )
        self._by_former_path = {path: place for place in self.places for path in place.former_paths}
        self.former_paths = tuple((place.path, *place.former_paths) for place in self.places if place.former_paths)
        """For each leaf that had other paths: its path, and those."""
        self._next = self._static_successors()

    def place_at(self, path: str) -> Place | None:
        """The place under a path, or under one that it had formerly; None when there is none."""
        return self._by_path.get(path) or self._by_former_path.get(path)

    def renamed(self, path: str) -> str:
        """The present path of what had this one."""
        place = self.place_at(path)
        return place.path if place else path

    def begin(self, state: StateBytes) -> Position:
        """Where a process begins; at the end when there is nothing to do."""
        walk = _Walk(state, {})
        return walk.position(walk.enter(Level(self._root, 0, ""), self._root.first(View(state)), ()), 1)

    def after(self, at: Position, state: StateBytes) -> Position:
        """Where a process stands when the step at a position is done and `state` is its state.

        Raises what composites raise that look at the state, and DefinitionError when they never come to a step.
        """
        place = self._by_path.get(self.renamed(at.path))
        assert place is not None
        if place.path in self._next:
            return Position(self._next[place.path], at.visit, at.frames)
        walk = _Walk(state, _present(at.frames, place.levels))
        return self._onward(place, walk.position(walk.leave(place.levels), at.visit), at)

    def caught(self, at: Position, error: StepError, state: StateBytes) -> Position | None:
        """Where a process goes on whose step has failed for good; None when nothing around it handles that."""
        place = self.place_at(at.path)
        if place is None:
            return None
        walk = _Walk(state, _present(at.frames, place.levels))
        for depth, level in enumerate(place.levels):
            entry = level.composite.handler(level.index, error, walk.view(level))
            if entry is not None:
                return self._onward(
                    place, walk.position(walk.enter(level, entry, place.levels[depth + 1 :]), at.visit), at
                )
            walk.drop(level)
        return None

    def _onward(self, place: Place, to: Position, at: Position) -> Position:
        """Whatever goes back to where the process was, or before, is a new visit, said so or not."""
        is_back = not to.is_end and self._order[to.path] <= self._order[place.path]
        return replace(to, visit=at.visit + 1) if is_back and to.visit == at.visit else to

    def arrive(self, path: str, at: Position, state: StateBytes) -> Position:
        """At a leaf by the word of a person, one visit later; composites around it keep what they do at first."""
        place = self.place_at(path)
        return Position(path, at.visit + 1, self._frames(place, {}, state) if place else {})

    def restart(self, group: str, at: Position, state: StateBytes) -> Position:
        """At the first leaf under the path of a composite, one visit later; what lies around that keeps its frames."""
        place = next(place for place in self.places if place.path.startswith(f"{group}/"))
        outside = {path: frame for path, frame in at.frames.items() if not f"{path}/".startswith(f"{group}/")}
        return Position(place.path, at.visit + 1, self._frames(place, outside, state))

    def _frames(self, place: Place, kept: Mapping[str, Any], state: StateBytes) -> dict[str, Any]:
        """What the composites around a leaf keep: what is known, else what they keep when they are entered."""
        frames = dict(kept)
        for level in reversed(place.levels):
            entry = None if level.path in frames or not level.composite.key else level.composite.first(View(state))
            if entry is not None and entry.frame is not None:
                frames[level.path] = entry.frame
        return frames

    def _static_successors(self) -> dict[str, str]:
        """What follows each leaf, where that depends on nothing: most processes need no walk."""
        if not all(level.composite.is_static for place in self.places for level in place.levels):
            return {}
        paths = [place.path for place in self.places]
        return dict(zip(paths, [*paths[1:], AT_END], strict=False))


class _Walk:
    """One way from a leaf to the next: the frames as they change, and whether something is run again."""

    def __init__(self, state: StateBytes, frames: Mapping[str, Any]) -> None:
        self._state, self._frames, self._again = state, dict(frames), False

    def position(self, path: str | None, visit: int) -> Position:
        if path is None:
            return Position(AT_END, visit)
        return Position(path, visit + 1 if self._again else visit, self._frames)

    def view(self, level: Level) -> View:
        return View(self._state, self._frames.get(level.path) if level.composite.key else None)

    def drop(self, level: Level) -> None:
        if level.composite.key:
            self._frames.pop(level.path, None)

    def leave(self, levels: Sequence[Level]) -> str | None:
        """Out of a node that is done; the path of the next leaf, or None at the end."""
        level, *outer = levels
        return self.enter(level, level.composite.following(level.index, self.view(level)), outer)

    def enter(self, level: Level, entry: NextNode | None, outer: Sequence[Level]) -> str | None:
        """Into a composite where it says; when it has nothing to do, on to what follows it."""
        for _ in range(MOST_ROUNDS):
            if entry is None:
                self.drop(level)
                if not outer:
                    return None
                level, *outer = outer
                entry = level.composite.following(level.index, self.view(level))
                continue
            self._keep(level, entry)
            node = level.composite.nodes[entry.index]
            path = join(level.path, node.key)
            if isinstance(node, Leaf):
                return path
            assert isinstance(node, Composite)
            outer = (replace(level, index=entry.index), *outer)
            level = Level(node, 0, path)
            entry = node.first(View(self._state))
        raise DefinitionError("The workflow goes round and round without coming to a step.")

    def _keep(self, level: Level, entry: NextNode) -> None:
        self._again = self._again or entry.again
        if entry.frame is None:
            return
        if not level.composite.key:
            raise DefinitionError(f"A {type(level.composite).__name__} needs a key to keep a frame.")
        self._frames[level.path] = entry.frame


def _places(composite: Composite, outer: Surroundings, levels: tuple[Level, ...]) -> Iterator[Place]:
    inner = composite.surround(outer)
    for index, node in enumerate(composite.nodes):
        around = (Level(composite, index, inner.path, inner.former_paths), *levels)
        if isinstance(node, Leaf):
            yield Place(join(inner.path, node.key), node, inner, around)
        elif isinstance(node, Composite):
            yield from _places(node, inner, around)
        else:
            raise DefinitionError(f"{node!r} is neither a step nor a list of steps.")


def _present(frames: Mapping[str, Any], levels: Sequence[Level]) -> Mapping[str, Any]:
    """Frames under the present paths of their composites, some of which had other keys."""
    names = {former: level.path for level in levels for former in level.former_paths}
    return {names.get(path, path): frame for path, frame in frames.items()} if frames else frames


def _first_double(places: Sequence[Place]) -> str:
    paths = [place.path for place in places]
    return next(path for path in paths if paths.count(path) > 1)
