"""How blocks may hold blocks: in no circle, not too deep, and no more than a form or a subscription bears."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from products.schema.fields import FieldSchema
from products.schema.product import BlockSchema

DEEPEST = 16
"""Levels of blocks within blocks: a page of them, each a row of a list, with the deepest JSON value, is still read."""
MOST_PARTS = 5_000
"""Fields and blocks of a block with all that it owns, lists at their fewest: what a form shows, and a new one makes."""
SHOWN = 4

Graph = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class NestingFault:
    """A block that cannot be built, why, and with it every other for the same reason."""

    block: str
    message: str
    all_blocks: frozenset[str]


def check_nesting(blocks: Mapping[str, BlockSchema]) -> list[NestingFault]:
    """What is wrong with the way in which these blocks own each other; those they lack are left out."""
    owned = {name: [below for below in _owned(block) if below in blocks] for name, block in blocks.items()}
    if cycle := find_cycle(owned):
        return [NestingFault(cycle[0], f"would own itself: {' → '.join(cycle)}", frozenset(cycle))]
    order = list(_inner_first(owned))
    return [*_too_deep(owned, order), *_too_many(blocks, order)]


def find_cycle(graph: Graph) -> list[str]:
    """One way round a directed graph that ends where it begins; empty when there is none. Linear."""
    done: set[str] = set()
    for start in graph:
        trail: dict[str, Iterator[str]] = {}
        node: str | None = start if start not in done else None
        while node is not None:
            trail.setdefault(node, iter(graph.get(node, ())))
            below = next((one for one in trail[node] if one not in done), None)
            if below is None:
                done.add(node)
                del trail[node]
                node = next(reversed(trail), None)
            elif below in trail:
                names = list(trail)
                return [*names[names.index(below) :], below]
            else:
                node = below
    return []


def _inner_first(graph: Graph) -> Iterator[str]:
    """The nodes of a graph without circles, each after those below it."""
    done: set[str] = set()
    for start in graph:
        waiting = [(start, iter(graph[start]))] if start not in done else []
        while waiting:
            node, below = waiting[-1]
            inner = next((one for one in below if one not in done), None)
            if inner is not None:
                waiting.append((inner, iter(graph[inner])))
                continue
            waiting.pop()
            done.add(node)
            yield node


def _too_deep(owned: Graph, order: Sequence[str]) -> Iterator[NestingFault]:
    depths: dict[str, int] = {}
    for name in order:
        depths[name] = 1 + max((depths[below] for below in owned[name]), default=0)
    deep = frozenset(name for name, depth in depths.items() if depth > DEEPEST)
    within = {below for name in deep for below in owned[name]}
    for name in [name for name in order if name in deep and name not in within]:
        chain = _chain(name, owned, depths)
        yield NestingFault(
            name, f"is {depths[name]} levels of blocks deep, and at most {DEEPEST} are allowed: {chain}", deep
        )


def _chain(name: str, owned: Graph, depths: Mapping[str, int]) -> str:
    names = [name]
    while len(names) < SHOWN and owned[names[-1]]:
        names.append(max(owned[names[-1]], key=lambda below: depths[below]))
    return " → ".join([*names, "…"])


def _too_many(blocks: Mapping[str, BlockSchema], order: Sequence[str]) -> Iterator[NestingFault]:
    sizes: dict[str, int] = {}
    for name in order:
        sizes[name] = 1 + sum(_size(field, sizes) for field in blocks[name].fields)
    many = frozenset(name for name, size in sizes.items() if size > MOST_PARTS)
    within = {below for name in many for below in _owned(blocks[name])}
    for name in [name for name in order if name in many and name not in within]:
        counted = f"has {sizes[name]} fields and blocks with all that it owns"
        yield NestingFault(name, f"{counted}, and at most {MOST_PARTS} are allowed", many)


def _size(field: FieldSchema, sizes: Mapping[str, int]) -> int:
    if not field.is_block or not field.owned:
        return 1
    return sum(sizes.get(below, 1) for below in field.blocks) * max(field.fewest, 1)


def _owned(block: BlockSchema) -> list[str]:
    return [below for field in block.fields if field.owned for below in field.blocks]
