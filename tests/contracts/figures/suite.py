"""The tests: how many lines to one of the product, and those that assert a status and nothing else."""

import ast

from tests.contracts.figures.figure import Figure, counted
from tests.contracts.figures.sources import ROOT, lines_of, place, product_files, walk

APART = {"benchmarks", "faults"}


def suite() -> list[Figure]:
    files = sorted((ROOT / "tests").rglob("*.py"))
    lines = sum(map(lines_of, files))
    apart = sum(lines_of(file) for file in files if APART & set(file.parts))
    code = sum(map(lines_of, product_files()))
    tests = [(file, node) for file, node in walk(files) if isinstance(node, ast.FunctionDef) and is_test(node)]
    return [
        Figure("lines of tests : lines of code", lines / code),
        Figure("the same without faults and benchmarks", (lines - apart) / code),
        Figure("tests", len(tests)),
        counted(
            "tests that assert only a status code",
            [f"{place(file, test)} {test.name}" for file, test in tests if asserts_only_a_status(test)],
            at_most=0,
        ),
    ]


def is_test(function: ast.FunctionDef) -> bool:
    return function.name.startswith("test_")


def asserts_only_a_status(test: ast.FunctionDef) -> bool:
    """Whether all that a test asserts are values of `.status_code`, and it waits for no error either."""
    asserted = [node.test for node in ast.walk(test) if isinstance(node, ast.Assert)]
    waits = any(isinstance(node, ast.Attribute) and node.attr == "raises" for node in ast.walk(test))
    return bool(asserted) and not waits and all(map(_compares_a_status, asserted))


def _compares_a_status(asserted: ast.expr) -> bool:
    return isinstance(asserted, ast.Compare) and all(
        isinstance(part, ast.Attribute) and part.attr == "status_code" for part in _parts(asserted.left)
    )


def _parts(value: ast.expr) -> list[ast.expr]:
    return [part for each in value.elts for part in _parts(each)] if isinstance(value, ast.Tuple) else [value]
