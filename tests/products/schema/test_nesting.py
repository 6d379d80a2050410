"""Blocks within blocks: circles, depth and number."""

from products.schema import BlockSchema, FieldKind, FieldSchema, ScalarKind, ScalarType, check_blocks
from products.schema.nesting import DEEPEST, check_nesting, find_cycle

WORD = FieldSchema("word", scalar=ScalarType(ScalarKind.STRING))


def chain(length: int, *, width: int = 1, fewest: int | None = None) -> dict[str, BlockSchema]:
    """Blocks of which each owns the next one, `width` times."""
    kind = FieldKind.BLOCK if fewest is None else FieldKind.BLOCK_LIST
    blocks = {}
    for number in range(length):
        below = [FieldSchema(f"f{one}", kind, blocks=(f"B{number + 1}",), minimum=fewest) for one in range(width)]
        fields = tuple(below) if number < length - 1 else (WORD,)
        blocks[f"B{number}"] = BlockSchema(f"B{number}", fields=fields)
    return blocks


def test_chain_of_many_blocks_is_told_in_words() -> None:
    """Fault 26: a chain of 1 200 blocks ended in a RecursionError."""
    problems = check_blocks(chain(1200))

    assert [str(problem) for problem in problems] == [
        "block B0: is 1200 levels of blocks deep, and at most 16 are allowed: B0 → B1 → B2 → B3 → …"
    ]
    assert problems[0].blocks == {f"B{number}" for number in range(1200 - DEEPEST)}
    assert check_blocks(chain(DEEPEST)) == []


def test_circle_of_many_blocks_is_found() -> None:
    graph = {str(number): [str((number + 1) % 20_000)] for number in range(20_000)}

    assert len(find_cycle(graph)) == 20_001
    assert find_cycle({"a": ["b", "c"], "b": ["c"], "c": []}) == []


def test_blocks_that_multiply_are_refused() -> None:
    wide = check_nesting(chain(10, width=3))
    long = check_nesting(chain(4, fewest=100))

    assert [fault.message.split(" and blocks")[0] for fault in [*wide, *long]] == [
        "has 49207 fields",
        "has 2010101 fields",
    ]


def test_later_kinds_of_problems_are_looked_for_in_sound_blocks() -> None:
    bad = BlockSchema("Bad", fields=(FieldSchema("x"),))
    circle = {name: BlockSchema(name, fields=(FieldSchema("f", FieldKind.BLOCK, blocks=(other,)),)) for name, other in (("A", "B"), ("B", "A"))}  # fmt: skip # noqa: E501

    problems = check_blocks({"Bad": bad, **circle})

    assert [str(problem) for problem in problems] == [
        "block Bad, field x: must have a resource type",
        "block A: would own itself: A → B → A",
    ]
