"""The figures count what they say: rooms in a cycle, broad handlers, tests that assert only a status."""

import ast

import pytest

from tests.contracts.figures.figure import Figure
from tests.contracts.figures.rooms import folder_of, in_a_cycle
from tests.contracts.figures.sources import is_broad
from tests.contracts.figures.suite import asserts_only_a_status


def test_rooms_in_a_cycle_are_those_with_a_way_back() -> None:
    arrows = {"views": {"actions"}, "actions": {"store", "forms"}, "forms": {"store"}, "store": {"actions"}}

    assert in_a_cycle(arrows) == ["actions", "forms", "store"]


@pytest.mark.parametrize(
    ("module", "folder"),
    [
        ("processes.store.claims", "processes.store"),
        ("processes.store", "processes.store"),
        ("processes.urls", "processes.urls"),
        ("subscriptions.lifecycle", "subscriptions"),
        ("orchestrator_site.demo.forms.node", "orchestrator_site.demo.forms"),
    ],
)
def test_module_lies_in_its_folder_and_an_entrance_by_itself(module: str, folder: str) -> None:
    assert folder_of(module) == folder


@pytest.mark.parametrize(
    ("caught", "broad"),
    [("", True), (" Exception", True), (" (KeyError, BaseException)", True), (" ExceptionGroup", False)],
)
def test_broad_handler_catches_every_error(caught: str, broad: bool) -> None:
    (tried,) = ast.parse(f"try: ...\nexcept{caught}: ...").body
    assert isinstance(tried, ast.Try)

    assert is_broad(tried.handlers[0]) == broad


@pytest.mark.parametrize(
    ("body", "only"),
    [
        ("assert answer.status_code == 404", True),
        ("assert (one.status_code, other.status_code) == (200, 403)", True),
        ("assert [one.status_code for one in answers] == [200] * 2", True),
        ("assert one.status_code == 200 and other.status_code == 200", True),
        ("assert (answer.status_code, slept) == (200, [2])", False),
        ("assert answer.status_code == 404; assert not rows()", False),
        ("assert (answer.status_code, answer.json()) == (404, {})", False),
        ("with pytest.raises(Denied): ask()\n    assert answer.status_code == 404", False),
        ("ask()", False),
    ],
)
def test_status_is_no_assertion_by_itself(body: str, only: bool) -> None:
    (test,) = ast.parse(f"def test_it():\n    {body}").body
    assert isinstance(test, ast.FunctionDef)

    assert asserts_only_a_status(test) == only


def test_figure_is_missed_beyond_its_bound() -> None:
    assert [Figure("rooms", value, at_most=20).is_missed for value in (19, 20, 21)] == [False, False, True]
    assert not Figure("rooms", 99).is_missed
