"""The tests: how many lines to one of the product, and those that assert a status and nothing else."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.contracts.figures.figure import Figure, counted
from tests.contracts.figures.sources import ROOT, lines_of, place, product_files, walk

APART = {"benchmarks", "faults"}


def suite() -> list[Figure]:
    files = sorted((ROOT / "tests").rglob("*.py"))
    lines = sum(map(lines_of, files))
    apart = sum(lines_of(file) for file in files if APART & set(file.parts))
    code = sum(map(lines_of, product_files()))
    return [
        Figure("lines of tests : lines of code", lines / code),
        Figure("the same without faults and benchmarks", (lines - apart) / code),
        Figure("tests", len(list(tests()))),
        counted("tests that assert only a status code", status_only_tests(), at_most=0),
    ]


def tests() -> Iterator[tuple[Path, ast.FunctionDef]]:
    """Every test with its file."""
    for file, node in walk(sorted((ROOT / "tests").rglob("test_*.py"))):
        if isinstance(node, ast.FunctionDef) and is_test(node):
            yield file, node


def status_only_tests() -> list[str]:
    """Where a test asserts a status code and nothing else."""
    return [f"{place(file, test)} {test.name}" for file, test in tests() if asserts_only_a_status(test)]


def is_test(function: ast.FunctionDef) -> bool:
    return function.name.startswith("test_")


def asserts_only_a_status(test: ast.FunctionDef) -> bool:
    """Whether all that a test asserts are values of `.status_code`, and it waits for no error either."""
    asserted = [node.test for node in ast.walk(test) if isinstance(node, ast.Assert)]
    waits = any(isinstance(node, ast.Attribute) and node.attr == "raises" for node in ast.walk(test))
    return bool(asserted) and not waits and all(map(_compares_a_status, asserted))


def _compares_a_status(asserted: ast.expr) -> bool:
    """Whether each of the values that are compared is one of `.status_code`, or a list of them."""
    match asserted:
        case ast.BoolOp(values=parts) | ast.Compare(left=ast.Tuple(elts=parts) | ast.List(elts=parts)):
            return all(map(_compares_a_status, parts))
    return any(isinstance(node, ast.Attribute) and node.attr == "status_code" for node in ast.walk(asserted))
