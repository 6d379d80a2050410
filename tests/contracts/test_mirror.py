"""Tests stand where their module stands: `tests/<path>/test_<module>.py`; with `_browser`, those in a real browser."""

from pathlib import Path

from django.conf import settings

ROOT: Path = settings.ROOT
APPS = ("orchestrator_site", "products", "subscriptions", "processes")


def mirrors_a_module(test: Path) -> bool:
    """Whether a path below tests/ has its module: a file of that name, or the room itself: `forms/test_forms.py`."""
    name = test.stem.removeprefix("test_").removesuffix("_browser")
    folder = ROOT / test.parent
    return (folder / f"{name}.py").exists() or (name == folder.name and (folder / "__init__.py").exists())


def test_each_test_stands_where_its_module_stands() -> None:
    tests = ROOT / "tests"
    astray = [
        str(test.relative_to(tests))
        for app in APPS
        for test in (tests / app).rglob("test_*.py")
        if not mirrors_a_module(test.relative_to(tests))
    ]

    assert sorted(astray) == []
