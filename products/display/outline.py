"""The blocks of a product as an indented picture: rows in order with the lines that join them. Pure arithmetic."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from products.schema import BlockSchema, FieldKind, FieldSchema, ProductSchema

ROW_HEIGHT = 40  # all in pixels
BOX_HEIGHT = 30
INDENT = 34
LETTER = 7.2
PADDING = 24


@dataclass(frozen=True)
class OutlineRow:
    """One box: how deep it lies, what it says, and where it stands. `repeated` ones are unfolded further up.

    `parent` is the place of the row it hangs on, None for the first.
    """

    depth: int
    attribute: str
    blocks: str
    count: str
    owned: bool
    repeated: bool
    place: int
    parent: int | None
    path: str

    @property
    def label(self) -> str:
        """What the box says."""
        words = [f"{self.attribute}: {self.blocks}" if self.attribute else self.blocks]
        words += [f"({self.count})"] if self.count else []
        words += ["(see above)"] if self.repeated else []
        return " ".join(words)

    @property
    def spoken(self) -> str:
        """The same in words, for those who do not see lines and dashes."""
        words = f"{self.path}: {self.blocks}" if self.path else self.blocks
        words += f", {self.count}" if self.count else ""
        return words if self.owned else f"{words}, a reference to another subscription"

    @property
    def x(self) -> int:
        return 1 + self.depth * INDENT

    @property
    def y(self) -> int:
        return 1 + self.place * ROW_HEIGHT

    @property
    def width(self) -> int:
        return round(len(self.label) * LETTER) + PADDING

    @property
    def line(self) -> str:
        """The line from the row it hangs on, as SVG path data; empty for the first."""
        if self.parent is None:
            return ""
        start = 1 + self.parent * ROW_HEIGHT + BOX_HEIGHT
        return f"M{self.x - INDENT + 14} {start}V{self.y + BOX_HEIGHT // 2}H{self.x}"


@dataclass(frozen=True)
class Outline:
    """All boxes, and how large the picture is."""

    rows: tuple[OutlineRow, ...]

    @property
    def width(self) -> int:
        return max((row.x + row.width for row in self.rows), default=0) + 1

    @property
    def height(self) -> int:
        return len(self.rows) * ROW_HEIGHT

    @property
    def has_references(self) -> bool:
        return any(not row.owned for row in self.rows)


def outline_of_product(product: ProductSchema) -> Outline:
    """The product, its top-level blocks, and what they hold."""
    return _outline(product.name, product.roots, product.blocks)


def outline_of_block(block: BlockSchema, blocks: Mapping[str, BlockSchema]) -> Outline:
    """A block and what it holds."""
    return _outline(block.name, block.fields, blocks, seen={block.name})


def _outline(
    title: str, fields: Iterable[FieldSchema], blocks: Mapping[str, BlockSchema], seen: set[str] | None = None
) -> Outline:
    rows = [OutlineRow(0, "", title, "", owned=True, repeated=False, place=0, parent=None, path="")]
    _grow(rows, rows[0], fields, blocks, set() if seen is None else seen)
    return Outline(tuple(rows))


def _grow(
    rows: list[OutlineRow],
    parent: OutlineRow,
    fields: Iterable[FieldSchema],
    blocks: Mapping[str, BlockSchema],
    seen: set[str],
) -> None:
    for field in fields:
        if not field.is_block:
            continue
        below = [blocks[name] for name in field.blocks if field.owned and name in blocks]
        row = OutlineRow(
            depth=parent.depth + 1,
            attribute=field.name,
            blocks=" or ".join(field.blocks),
            count=count_of(field),
            owned=field.owned,
            repeated=any(block.name in seen and _holds_blocks(block) for block in below),
            place=len(rows),
            parent=parent.place,
            path=f"{parent.path}.{field.name}".lstrip("."),
        )
        rows.append(row)
        fresh = [block for block in below if block.name not in seen]
        seen |= {block.name for block in fresh}
        for block in fresh:
            _grow(rows, row, block.fields, blocks, seen)


def _holds_blocks(block: BlockSchema) -> bool:
    return any(field.is_block for field in block.fields)


def count_of(field: FieldSchema) -> str:
    """How many a field holds: empty for exactly one, `0 or 1`, `2`, `2 to 8`, `1 or more`."""
    if field.kind is FieldKind.OPTIONAL_BLOCK:
        return "0 or 1"
    if not field.is_list:
        return ""
    if field.maximum is None:
        return f"{field.fewest} or more"
    return str(field.maximum) if field.minimum == field.maximum else f"{field.fewest} to {field.maximum}"
