"""Values as people read them, wherever one is shown: on pages, in summaries of forms, in messages and in CSV."""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

NO_LABELS: Mapping[str, str] = {}


def number_for_people(number: float | Decimal) -> str:
    """A number without exponent, all its digits in groups of three from five on: 9000, 123 456 789 012, 0.5."""
    whole, point, fraction = format(Decimal(str(number)), "f").partition(".")
    grouped = f"{int(whole):,}".replace(",", " ") if len(whole.lstrip("-")) > 4 else whole
    digits = fraction.rstrip("0")
    return f"{grouped}{point}{digits}" if digits else grouped


def for_people(value: Any, *, nothing: str = "", labels: Mapping[str, str] = NO_LABELS) -> str:
    """A JSON value as text: Yes or No, members with commas, objects as JSON, and `nothing` where there is no value.

    `labels` are texts to show in place of values, by the text of the value: what a choice or a subscription is called.
    """
    match value:
        case None | "" | [] | ():
            return nothing
        case bool():
            return "Yes" if value else "No"
        case list() | tuple():
            return ", ".join(for_people(member, labels=labels) for member in value)
        case Mapping():
            return json.dumps(value, ensure_ascii=False, default=str)
        case _:
            return labels.get(str(value), str(value))


def moment_for_people(text: str) -> str:
    """A moment in ISO 8601 to the second, in the site's time zone; any other text gives nothing."""
    if not (text[10:11] == "T" and text[:4].isdigit()):
        return ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    return f"{local(moment):%-d %b %Y %H:%M:%S}"


def local(moment: datetime) -> datetime:
    """A moment in the site's time zone; as it is where it has none, or where ours would leave the calendar."""
    try:
        return timezone.localtime(moment) if moment.tzinfo else moment
    except OverflowError:
        return moment
