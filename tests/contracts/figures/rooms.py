"""Folders and the imports between them; the rooms of processes are its folders.

What Django enters an app by (its addresses, its admin) stands apart from the folder it lies in: it imports every room,
and no room imports it. Imports inside functions count, those for types alone do not; migrations are left out.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import grimp

from tests.contracts.figures.figure import Figure, counted
from tests.contracts.figures.sources import APPS, ROOT

MOST_ROOMS = 20
ENTRANCES = {"admin", "api", "apps", "checks", "urls", "wsgi"}
FOR_DJANGO = {"__init__", "admin", "apps", "checks", "models", "urls", "wsgi"}
"""Modules that Django, or the web server, looks for at the top of an app."""
ALSO_AT_THE_TOP = {"orchestrator_site": {"api"}, "subscriptions": {"lifecycle", "start_rules"}}
NO_ROOMS = {"migrations", "management", "__pycache__"}

Arrows = Mapping[str, set[str]]


def rooms() -> list[Figure]:
    graph = grimp.build_graph(*APPS, exclude_type_checking_imports=True, cache_dir=None)
    modules = arrows_between(graph, lambda module: module)
    arrows = arrows_between(graph, folder_of)
    inside = rooms_of("processes")
    between = [f"{room} -> {other}" for room in inside for other in sorted(arrows[room]) if other in inside]
    return [
        Figure("modules", len(modules)),
        counted("modules in a cycle", in_a_cycle(modules), at_most=0),
        Figure("folders and entrances", len(arrows)),
        counted("folders in a cycle", in_a_cycle(arrows), at_most=0),
        *(counted(f"loose modules of {app}", loose_modules(app), at_most=0) for app in APPS),
        counted("rooms of processes", inside, at_most=MOST_ROOMS),
        counted("imports between rooms of processes", between),
    ]


def loose_modules(app: str) -> list[str]:
    allowed = FOR_DJANGO | ALSO_AT_THE_TOP.get(app, set())
    return sorted(f"{app}.{file.stem}" for file in (ROOT / app).glob("*.py") if file.stem not in allowed)


def rooms_of(app: str) -> list[str]:
    """Folders of an app, and what lies loose beside them."""
    folders = [init.parent.name for init in (ROOT / app).glob("*/__init__.py")]
    return sorted([*(f"{app}.{name}" for name in folders if name not in NO_ROOMS), *loose_modules(app)])


def arrows_between(graph: grimp.ImportGraph, part_of: Callable[[str], str]) -> Arrows:
    """For each part those that it imports from."""
    arrows: dict[str, set[str]] = {}
    for module in graph.modules:
        if ".migrations" in module:
            continue
        part = part_of(module)
        imported = {part_of(target) for target in graph.find_modules_directly_imported_by(module)}
        arrows.setdefault(part, set()).update(imported - {part})
    return arrows


def folder_of(module: str) -> str:
    """The folder that a module lies in; an entrance of an app itself."""
    folder, _, name = module.rpartition(".")
    if (ROOT / Path(*module.split("."))).is_dir() or (folder in APPS and name in ENTRANCES):
        return module
    return folder


def in_a_cycle(arrows: Arrows) -> list[str]:
    """Those that a way along the arrows leads back to."""
    return sorted(part for part in arrows if part in reached_from(part, arrows))


def reached_from(part: str, arrows: Arrows) -> set[str]:
    reached: set[str] = set()
    ahead = set(arrows[part])
    while ahead:
        here = ahead.pop()
        reached.add(here)
        ahead |= arrows.get(here, set()) - reached
    return reached
