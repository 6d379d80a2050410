"""Lengths of modules and functions, and handlers of errors: the product's Python without its migrations."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

from tests.contracts.figures.figure import Figure, counted

ROOT = Path(__file__).resolve().parents[3]
APPS = ("orchestrator_site", "products", "subscriptions", "processes")
LONGEST_MODULE = 350
LOOK_TWICE = 300
LONG_FUNCTION = 50
MOST_BROAD_HANDLERS = 9

Function = ast.FunctionDef | ast.AsyncFunctionDef
ANY_ERROR = {"Exception", "BaseException"}


def product_files() -> list[Path]:
    return sorted(file for app in APPS for file in (ROOT / app).rglob("*.py") if "migrations" not in file.parts)


def lines_of(file: Path) -> int:
    return len(file.read_text().splitlines())


def place(file: Path, node: ast.stmt | ast.ExceptHandler) -> str:
    return f"{file.relative_to(ROOT)}:{node.lineno}"


def walk(files: list[Path]) -> Iterator[tuple[Path, ast.AST]]:
    """Every node of the syntax of these files."""
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            yield file, node


def modules() -> list[Figure]:
    lengths = sorted(((lines_of(file), str(file.relative_to(ROOT))) for file in product_files()), reverse=True)

    def over(bound: int) -> list[str]:
        return [f"{name} ({lines})" for lines, name in lengths if lines > bound]

    return [
        Figure("lines of the longest module", lengths[0][0], places=[f"{name} ({n})" for n, name in lengths[:5]]),
        counted(f"modules over {LOOK_TWICE} lines", over(LOOK_TWICE)),
        counted(f"modules over {LONGEST_MODULE} lines", over(LONGEST_MODULE), at_most=0),
    ]


def functions() -> list[Figure]:
    """Physical lines, from `def` to the last line of the body, of methods and inner functions too."""
    found = [(file, node) for file, node in walk(product_files()) if isinstance(node, Function)]
    lengths = sorted((node.end_lineno or node.lineno) - node.lineno + 1 for _, node in found)
    long = sum(length > LONG_FUNCTION for length in lengths)
    return [
        Figure("lines of a function, median", statistics.median(lengths)),
        Figure("lines of a function, nine of ten", lengths[int(len(lengths) * 0.9)]),
        Figure(f"functions over {LONG_FUNCTION} lines", 100 * long / len(lengths), unit=" %"),
    ]


def handlers() -> list[Figure]:
    """Every `except`, and those that catch anything."""
    found = [(file, node) for file, node in walk(product_files()) if isinstance(node, ast.ExceptHandler)]
    broad = [place(file, node) for file, node in found if is_broad(node)]
    return [Figure("handlers of errors", len(found)), counted("broad handlers", broad, at_most=MOST_BROAD_HANDLERS)]


def is_broad(handler: ast.ExceptHandler) -> bool:
    """Whether it catches every error: bare, or with Exception or BaseException among its types."""
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(each, ast.Name) and each.id in ANY_ERROR for each in caught)
