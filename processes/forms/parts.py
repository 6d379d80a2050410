"""What a template draws of a page: a control, a group, a list with rows, or something that is only shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from processes.forms.fields import Input, Kind
from processes.forms.values import shown
from processes.plugins.panels import links


@dataclass
class Part:
    """One thing to draw with `templates/processes/form/_<template>.html`."""

    template: str
    path: str
    label: str = ""
    help: str = ""
    bound: forms.BoundField | None = None
    parts: list["Part"] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    data: Any = None
    can_add: bool = False
    can_remove: bool = False

    @property
    def template_name(self) -> str:
        return f"processes/form/_{self.template}.html"

    @property
    def anchor(self) -> str:
        """The id that a summary of errors links to."""
        if self.bound is None:
            return f"part_{self.path}"
        return self.bound.id_for_label or f"{self.bound.auto_id}_0"


@dataclass(frozen=True)
class _AcceptItem:
    """A line of a checklist: `kind` as in pydantic-forms; a box has a name."""

    kind: str
    text: str
    name: str = ""
    ticked: bool = False
    is_sub: bool = False
    url: str = ""


def checklist(one: Input, value: Any) -> Part:
    items = []
    for number, (text, kind, *more) in enumerate(one.data):
        plain = str(kind).lstrip(">").rstrip("?")
        extra = more[0] if more and isinstance(more[0], Mapping) else {}
        name = f"{one.path}.{number}" if plain in {"checkbox", "skip"} else ""
        ticked = value == "ACCEPTED" and plain == "checkbox"
        url = str(extra.get("url") or text) if plain == "url" else ""
        items.append(_AcceptItem(plain, str(text), name, ticked, str(kind).startswith(">"), _safe_url(url)))
    return Part("accept", one.path, one.label, one.help, data=items)


def _safe_url(url: str) -> str:
    return url if url.startswith(("https://", "http://", "/")) else ""


def shown_only(one: Input, value: Any) -> Part:
    text = shown(one, value)
    match one.kind:
        case Kind.LABEL:
            return Part("label", one.path, text or one.label)
        case Kind.DIVIDER:
            return Part("divider", one.path, text)
        case Kind.CALLOUT:
            return Part("callout", one.path, one.label, data=one.data)
        case Kind.MARKDOWN:
            return Part("markdown", one.path, one.label, data=rendered(str(one.data.get("content") or "")))
        case Kind.SUMMARY:
            return Part("summary", one.path, one.label, data=_summary_rows(one.data))
        case _:
            return _read_only(one, text)


def _read_only(one: Input, text: str) -> Part:
    if one.format == "subscription" and text:
        link = links([("subscription", text, "")])["subscription", text]
        return Part("subject", one.path, one.label, one.help, data=link)
    return Part("read_only", one.path, one.label, one.help, data=text)


def rendered(text: str) -> SafeString:
    """Markdown as HTML; raw HTML in it is shown as text and script links are not made."""
    html: str = MarkdownIt("js-default").render(text)
    return mark_safe(html)  # noqa: S308 - the preset escapes raw HTML


def _summary_rows(data: Mapping[str, Any]) -> dict[str, Any]:
    """A summary turned from columns to rows: `headers`, and `rows` of (label, cells, changed)."""
    labels = list(data.get("labels") or [])
    columns = [list(column) for column in data.get("columns") or []]
    count = max([len(labels), *(len(column) for column in columns)], default=0)
    rows = []
    for number in range(count):
        cells = [column[number] if number < len(column) else "" for column in columns]
        changed = len(cells) > 1 and len({str(cell) for cell in cells}) > 1
        rows.append((labels[number] if number < len(labels) else "", cells, changed))
    return {"headers": list(data.get("headers") or []), "rows": rows, "has_labels": bool(labels)}
