"""Versions of a subscription as its pages show them: the history, and the choice of two to compare."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms

from processes.lists.values import local
from processes.plugins.panels import FieldChange
from subscriptions.display.cards import compare_address
from subscriptions.display.changes import readable_rows
from subscriptions.models import SubscriptionVersion
from subscriptions.queries.history import VersionRow, history, version_list

MOST_CHOICES = 500
"""Versions that one may choose from; of older ones only those that the address names."""


@dataclass(frozen=True)
class HistoryRow:
    """A version with what it changed; `compare_url` is empty for the first, which has nothing before it."""

    version: VersionRow
    changes: tuple[FieldChange, ...]
    compare_url: str

    @property
    def title(self) -> str:
        """What people call it."""
        return f"Version {self.version.number}"


class CompareForm(forms.Form):
    """Which two versions to compare; the fields have the names of the address."""

    def __init__(self, given: Mapping[str, Any], versions: list[SubscriptionVersion]) -> None:
        super().__init__(given)
        choices = [(one.number, _label(one)) for one in versions]
        for name, title in (("from", "From"), ("to", "To")):
            self.fields[name] = forms.TypedChoiceField(choices=choices, coerce=int, label=title)


def history_rows(subscription_id: UUID) -> list[HistoryRow]:
    """The latest versions, newest first."""
    return [
        HistoryRow(row, changes, compare_address(subscription_id, row.before, row.number) if row.before else "")
        for row, changes in readable_rows(history(subscription_id))
    ]


def compare_form(subscription_id: UUID, given: Mapping[str, Any]) -> CompareForm:
    """The form as an address fills it: without an answer the latest version and the one before."""
    versions = list(version_list(subscription_id)[:MOST_CHOICES])
    asked = {int(text) for text in (str(given.get("from")), str(given.get("to"))) if _is_number(text)}
    older = asked - {one.number for one in versions}
    if older:
        versions += version_list(subscription_id).filter(number__in=older)
    latest = [one.number for one in versions[:2]] or [0]
    return CompareForm({"from": given.get("from") or latest[-1], "to": given.get("to") or latest[0]}, versions)


def _label(version: SubscriptionVersion) -> str:
    at = f"{local(version.at):%-d %b %Y %H:%M:%S}"
    return f"{version.number} · {at} · {version.by}{f' · {version.step_path}' if version.step_path else ''}"


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10
