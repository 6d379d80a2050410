"""One word names one thing: no public class has the name of another in another room."""

import ast
from collections import defaultdict

from tests.contracts.figures.sources import ROOT, product_files

SEVERAL = {
    "Attempt": {"processes/engine", "processes/queries"},
    "Call": {"orchestrator_site/simulators/inventory", "processes/engine/kinds"},
    "Entry": {"orchestrator_site/pages", "processes/engine/kinds"},
    "Input": {"processes/engine/kinds", "processes/forms"},
    "Kind": {"orchestrator_site/simulators/inventory", "processes/forms"},
    "Node": {"processes/engine/kinds", "subscriptions/tree"},
    "Part": {"processes/forms", "processes/lists", "products/catalogue"},
    "Step": {"processes/api", "processes/models"},
    "Store": {"orchestrator_site/simulators/inventory", "processes/engine"},
    "Subscription": {"processes/api", "subscriptions/models", "subscriptions/tree"},
    "Window": {"orchestrator_site/simulators/inventory", "processes/lists"},
    "Workflow": {"processes/engine", "processes/models"},
}
"""Names that stand in several rooms, and where. Whoever renames one takes it off the list; none is added."""


def rooms_of_classes() -> dict[str, set[str]]:
    """The rooms of each name of a public class that stands in more than one; Django names the classes of commands."""
    rooms = defaultdict(set)
    for file in product_files():
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and file.parent.name != "commands":
                rooms[node.name].add(str(file.parent.relative_to(ROOT)))
    return {name: places for name, places in rooms.items() if len(places) > 1}


def test_no_class_has_the_name_of_one_in_another_room() -> None:
    assert rooms_of_classes() == SEVERAL
