"""Rooms and the imports between them. A room is a folder; a module that lies at the top of an app is one by itself.

Imports inside functions count, those for types alone do not; migrations are left out.
"""

from collections.abc import Mapping
from pathlib import Path

import grimp

from tests.contracts.figures.figure import Figure, counted
from tests.contracts.figures.sources import APPS, ROOT

MOST_ROOMS = 20
FOR_DJANGO = {"__init__", "admin", "apps", "checks", "models", "urls", "wsgi"}
"""Modules that Django, or the web server, looks for at the top of an app."""
ALSO_AT_THE_TOP = {"orchestrator_site": {"api"}, "subscriptions": {"lifecycle", "start_rules"}}
NO_ROOMS = {"migrations", "management", "__pycache__"}

Arrows = Mapping[str, set[str]]


def rooms() -> list[Figure]:
    arrows = arrows_between_rooms()
    inside = rooms_of("processes")
    between = [f"{room} -> {other}" for room in inside for other in sorted(arrows[room]) if other in inside]
    return [
        Figure("folders, and modules at the top", len(arrows)),
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


def arrows_between_rooms() -> Arrows:
    """For each room those that it imports from."""
    graph = grimp.build_graph(*APPS, exclude_type_checking_imports=True, cache_dir=None)
    arrows: dict[str, set[str]] = {}
    for module in graph.modules:
        if ".migrations" in module:
            continue
        room = room_of(module)
        imported = {room_of(target) for target in graph.find_modules_directly_imported_by(module)}
        arrows.setdefault(room, set()).update(imported - {room})
    return arrows


def room_of(module: str) -> str:
    """The folder of a module; at the top of an app the module itself."""
    if (ROOT / Path(*module.split("."))).is_dir() or module.count(".") == 1:
        return module
    return module.rpartition(".")[0]


def in_a_cycle(arrows: Arrows) -> list[str]:
    """Rooms that a way along the arrows leads back to."""
    return sorted(room for room in arrows if room in reached_from(room, arrows))


def reached_from(room: str, arrows: Arrows) -> set[str]:
    reached: set[str] = set()
    ahead = set(arrows[room])
    while ahead:
        here = ahead.pop()
        reached.add(here)
        ahead |= arrows.get(here, set()) - reached
    return reached
