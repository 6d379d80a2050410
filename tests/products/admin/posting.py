"""What a browser would send from the modelling tool: the fields of a page as they stand, with changes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.test import Client


def inline(prefix: str, rows: Sequence[Mapping[str, Any]], initial: int = 0) -> dict[str, Any]:
    """The parts of an inline; the first `initial` ones are there already."""
    counts = {"TOTAL_FORMS": len(rows), "INITIAL_FORMS": initial, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    sent = {f"{prefix}-{name}": value for name, value in counts.items()}
    for number, row in enumerate(rows):
        sent |= {f"{prefix}-{number}-{name}": value for name, value in {"position": 0, **row}.items()}
    return sent


NO_RULES = {**inline("rules", []), **inline("narrowed", [])}


def as_sent(client: Client, address: str, **changes: Any) -> dict[str, Any]:
    """What the form at an address would send if nothing but `changes` were touched."""
    context = client.get(address).context
    sent: dict[str, Any] = {}
    forms = [context["adminform"].form]
    for one in context["inline_admin_formsets"]:
        forms += [one.formset.management_form, *one.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                sent[field.html_name] = "on" if value is True else value
    return {**sent, **changes}
