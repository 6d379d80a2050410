"""Read an expression: the part of Python's grammar that has no effects, within bounds of length, size and depth."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 1_000
MOST_PARTS = 300
DEEPEST = 30
KEPT = 2_048

FUNCTIONS: dict[str, tuple[int, int]] = {
    "abs": (1, 1), "all": (1, 1), "any": (1, 1), "distinct": (1, 1), "join": (2, 2), "len": (1, 1), "lower": (1, 1),
    "max": (1, 5), "min": (1, 5), "overlap": (1, 1), "round": (1, 2), "sorted": (1, 1), "str": (1, 1), "sum": (1, 1),
    "upper": (1, 1), "users": (1, 10),
}  # fmt: skip
"""Each with the least and the most arguments it takes."""
USERS = "users"
OPERATORS = (
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.BitOr, ast.BitAnd,
    ast.And, ast.Or, ast.Not, ast.USub,
    ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Is, ast.IsNot,
)  # fmt: skip
_FORMS = (
    ast.Expression, ast.Constant, ast.Name, ast.Attribute, ast.Subscript, ast.BoolOp, ast.UnaryOp, ast.BinOp,
    ast.Compare, ast.IfExp, ast.List, ast.Tuple, ast.ListComp, ast.GeneratorExp, ast.comprehension, ast.Call,
    ast.Load, ast.Store,
)  # fmt: skip
_ALLOWED = (*_FORMS, *OPERATORS)


class InvalidExpression(ValueError):
    """An expression cannot be understood; the message has it as its subject and names the place, counted from 1."""

    def __init__(self, reason: str, column: int | None = None) -> None:
        self.reason, self.column = reason, column
        super().__init__(reason if column is None else f"{reason} (at character {column})")


@dataclass(frozen=True)
class Expression:
    """One that was understood; whether what it names exists is asked by `types.type_of`."""

    text: str
    body: ast.expr
    names: frozenset[str] = frozenset()
    """All that it names by itself: fields, functions, the members of lists that it goes through."""

    @property
    def asks_for_users(self) -> bool:
        """Whether it depends on the blocks that refer to the one it stands in."""
        return USERS in self.names


@lru_cache(maxsize=KEPT)
def parse(text: str) -> Expression:
    """The expression that a text is; raises `InvalidExpression` with the place."""
    if len(text) > LONGEST:
        raise InvalidExpression(f"is longer than {LONGEST} characters")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError as error:
        raise InvalidExpression(f"cannot be read: {error.msg}", error.offset or len(text) + 1) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise InvalidExpression("cannot be read: it is nested too deeply or has characters that are no text") from error
    _check_size(tree)
    for node in ast.walk(tree):
        for message in _faults(node):
            raise InvalidExpression(message, place(node))
    return Expression(text, tree.body, frozenset(one.id for one in ast.walk(tree) if isinstance(one, ast.Name)))


def place(node: ast.AST) -> int | None:
    """Which character of the text a part begins at, from 1."""
    column = getattr(node, "col_offset", None)
    return None if column is None else column + 1


def _check_size(tree: ast.AST) -> None:
    waiting, parts = [(tree, 1)], 0
    while waiting:
        node, depth = waiting.pop()
        parts += 1
        if parts > MOST_PARTS:
            raise InvalidExpression(f"has more than {MOST_PARTS} parts")
        if depth > DEEPEST:
            raise InvalidExpression(f"is nested more than {DEEPEST} levels deep", place(node))
        waiting += [(child, depth + 1) for child in ast.iter_child_nodes(node)]


def _faults(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS:
            least, most = FUNCTIONS[name]
            if any(isinstance(one, ast.Starred) for one in args) or not least <= len(args) <= most:
                count = str(least) if least == most else f"{least} to {most}"
                yield f"gives {name}() {len(args)} arguments, and it takes {count}"
            if name == USERS and not all(isinstance(getattr(one, "value", None), str) for one in args):
                yield 'names the blocks of users() as texts, as in users("SAP")'
        case ast.Call():
            yield f"calls what is no function; there are: {', '.join(FUNCTIONS)}"
        case ast.Attribute(attr=name) | ast.Name(id=name) if name.startswith("_"):
            yield f"uses the name {name}, which begins with an underscore"
        case ast.Constant(value=value) if not isinstance(value, str | int | float | bool | None):
            yield f"has a value that it cannot have: {value!r}"
        case ast.Subscript(slice=index) if not _is_index(index):
            yield "takes one member of a list by its number, as in ports[0]"
        case ast.comprehension(target=target, is_async=is_async) if not isinstance(target, ast.Name) or is_async:
            yield "goes through a list with one name, as in [sap.vlan for sap in saps]"
        case _ if not isinstance(node, _ALLOWED):
            yield f"uses what is not part of the language ({type(node).__name__})"


def _is_index(index: ast.expr) -> bool:
    if isinstance(index, ast.UnaryOp) and isinstance(index.op, ast.USub):
        index = index.operand
    return isinstance(index, ast.Constant) and isinstance(index.value, int) and not isinstance(index.value, bool)
