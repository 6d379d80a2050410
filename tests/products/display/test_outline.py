"""The picture of a product: rows in order, what hangs on what, and how many."""

import pytest

from products.display.outline import count_of, outline_of_block
from products.schema import BlockSchema, FieldKind, FieldSchema, ScalarKind, ScalarType

NAME = FieldSchema("port_name", scalar=ScalarType(ScalarKind.STRING))
NODE = BlockSchema("Node")
PORT = BlockSchema("Port", fields=(NAME, FieldSchema("node", FieldKind.BLOCK, blocks=("Node",), owned=False)))
LAG = BlockSchema("Lag", fields=(FieldSchema("ports", FieldKind.BLOCK_LIST, blocks=("Port",), minimum=1),))
LINK = BlockSchema(
    "Link",
    fields=(
        FieldSchema("sides", FieldKind.BLOCK_LIST, blocks=("Lag", "Port"), minimum=2, maximum=2),
        FieldSchema("spare", FieldKind.OPTIONAL_BLOCK, blocks=("Port",)),
    ),
)
BLOCKS = {block.name: block for block in (NODE, PORT, LAG, LINK)}


def test_rows_hang_on_their_holder_and_unfold_once() -> None:
    outline = outline_of_block(LINK, BLOCKS)

    assert [(row.place, row.parent, row.depth, row.label) for row in outline.rows] == [
        (0, None, 0, "Link"),
        (1, 0, 1, "sides: Lag or Port (2)"),
        (2, 1, 2, "ports: Port (1 or more) (see above)"),
        (3, 1, 2, "node: Node"),
        (4, 0, 1, "spare: Port (0 or 1) (see above)"),
    ]
    assert [row.spoken for row in outline.rows][3] == "sides.node: Node, a reference to another subscription"
    assert outline.has_references


def test_the_picture_holds_every_box() -> None:
    outline = outline_of_block(LINK, BLOCKS)

    assert outline.height == 200
    assert all(row.x + row.width < outline.width for row in outline.rows)
    assert outline.rows[0].line == ""
    assert outline.rows[1].line == "M15 31V56H35"


@pytest.mark.parametrize(
    ("minimum", "maximum", "words"),
    [(None, None, "0 or more"), (1, None, "1 or more"), (2, 2, "2"), (2, 8, "2 to 8"), (None, 3, "0 to 3")],
)
def test_counts_in_words(minimum: int | None, maximum: int | None, words: str) -> None:
    assert count_of(FieldSchema("x", FieldKind.BLOCK_LIST, minimum=minimum, maximum=maximum)) == words
