"""Templates: lines that do not fit a screen."""

from tests.contracts.figures.figure import Figure, counted
from tests.contracts.figures.sources import ROOT

LONGEST_LINE = 140


def pages() -> list[Figure]:
    lines = [
        (f"{template.relative_to(ROOT)}:{number}", len(line))
        for template in sorted((ROOT / "templates").rglob("*.html"))
        for number, line in enumerate(template.read_text().splitlines(), start=1)
    ]
    long = [at for at, length in lines if length > LONGEST_LINE]
    return [
        Figure("lines of templates", len(lines)),
        counted(f"lines of templates over {LONGEST_LINE} characters", long, at_most=0),
    ]
