"""What the demo's form pages have in common: choices from the inventory, and the summary at the end."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, cast

from pydantic import ConfigDict
from pydantic_forms.core import FormPage
from pydantic_forms.validators import Choice, migration_summary

from processes.engine import StartRefused
from subscriptions.queries import choice

BOOTSTRAP = "Run the task “Fill the inventory with the demo network” first."


def choice_of(name: str, options: Iterable[tuple[int, str]], *, what: str) -> type[Choice]:
    """A choice of inventory ids by label, in order of label; refuses the start when there is nothing to choose."""
    labels = {str(pk): label for pk, label in sorted(options, key=lambda option: option[1].casefold())}
    if not labels:
        raise StartRefused(f"The inventory has no {what}. {BOOTSTRAP}")
    return choice(name, labels)


def summary_page(title: str, facts: Mapping[str, str | None]) -> type[FormPage]:
    """A read-only table of labels and values, to be confirmed or gone back from."""
    shown = {label: value for label, value in facts.items() if value}
    Facts: TypeAlias = cast(
        "type[object]",
        migration_summary({"headers": ["Value"], "labels": list(shown), "columns": [list(shown.values())]}),
    )

    class SummaryPage(FormPage):
        """What is about to be ordered."""

        model_config = ConfigDict(title=title)

        summary: Facts

    return SummaryPage


def yes_or_no(answer: Any) -> str:
    """A tick in words."""
    return "yes" if answer else "no"
