"""A status code alone is no test: every test that asserts one asserts something else as well."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

TESTS: Path = settings.ROOT / "tests"
Function = ast.FunctionDef | ast.AsyncFunctionDef


def is_about_status(asserted: ast.expr) -> bool:
    """Whether nothing but status codes is compared with what was expected."""
    match asserted:
        case ast.BoolOp(values=parts) | ast.Compare(left=ast.Tuple(elts=parts) | ast.List(elts=parts)):
            return all(map(is_about_status, parts))
    return any(isinstance(node, ast.Attribute) and node.attr == "status_code" for node in ast.walk(asserted))


def functions(tree: ast.Module) -> Iterator[Function]:
    """Every function of a module."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def helpers_that_assert() -> set[str]:
    """Names of the functions below tests/ that assert for others."""
    return {
        function.name
        for file in TESTS.rglob("*.py")
        for function in functions(ast.parse(file.read_text()))
        if not function.name.startswith("test_") and any(isinstance(node, ast.Assert) for node in ast.walk(function))
    }


def is_status_only(test: Function, helpers: set[str]) -> bool:
    """Whether a test has asserts, all of them about a status code, and calls no helper that asserts more."""
    asserts = [node.test for node in ast.walk(test) if isinstance(node, ast.Assert)]
    called = {ast.unparse(node.func) for node in ast.walk(test) if isinstance(node, ast.Call)}
    return bool(asserts) and all(map(is_about_status, asserts)) and not called & {*helpers, "pytest.raises"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("assert client.get('/').status_code == 200", True),
        ("assert (a.status_code, b.status_code) == (200, 404)", True),
        ("assert [one.status_code for one in answers] == [200] * 2", True),
        ("assert a.status_code == 200 and b.status_code == 200", True),
        ("assert (a.status_code, a.json()) == (200, [])", False),
        ("assert (a.status_code, slept) == (200, [2])", False),
        ("assert a.status_code == 200\n    assert rows == []", False),
        ("assert a.status_code == 200\n    expect(a)", False),
        ("assert a.status_code == 200\n    with pytest.raises(ValueError): b()", False),
        ("assert a.url", False),
        ("run()", False),
    ],
)
def test_lint_knows_a_status_code_alone(body: str, expected: bool) -> None:
    (test,) = functions(ast.parse(f"def test_it():\n    {body}"))

    assert is_status_only(test, {"expect"}) is expected


def test_no_test_asserts_only_a_status_code() -> None:
    helpers = helpers_that_assert()

    status_only = [
        f"{file.relative_to(TESTS)}:{test.lineno} {test.name}"
        for file in sorted(TESTS.rglob("test_*.py"))
        for test in functions(ast.parse(file.read_text()))
        if test.name.startswith("test_") and is_status_only(test, helpers)
    ]

    assert status_only == []
