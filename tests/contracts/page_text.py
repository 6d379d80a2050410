"""What a person meets on a page, apart from its markup: title, text, fields of forms, links and actions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from tests.contracts.stand_ins import outcome_of_traceback

_INLINE = frozenset({"a", "abbr", "b", "button", "code", "em", "i", "kbd", "label", "small", "span", "strong", "time"})
_UNSEEN = frozenset({"script", "style", "svg", "template", "head"})
_VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr", "use"})
_SPACE = re.compile(r" (?=[,.;:!?)])")
_REQUESTS = ("hx-get", "hx-post", "hx-put", "hx-delete")
_PLACES = ("content", "messages")


@dataclass
class Part:
    """One part of a page: its content, or the frame around it."""

    pieces: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The text, a line for each block; white space is nothing."""
        lines = (" ".join(line.split()) for line in "".join(self.pieces).split("\n"))
        return [_SPACE.sub("", line) for line in lines if line]

    def as_json(self) -> dict[str, Any]:
        shown = {"text": self.lines(), "fields": self.fields, "links": list(dict.fromkeys(self.links))}
        return {name: value for name, value in shown.items() if value}


@dataclass
class PageText:
    """A page as it was read; `frame` is what stands around the content of a whole page."""

    title: str
    content: Part
    frame: Part


def read(html: str) -> PageText:
    """Read a page, or a part of one."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if not reader.has_content:
        return PageText(reader.title, reader.frame, Part())
    return PageText(reader.title, reader.content, reader.frame)


class _Reader(HTMLParser):
    """Follows open elements; what is below `#content` or `#messages` is content."""

    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self.content, self.frame = Part(), Part()
        self.has_content = False
        self._open: list[tuple[str, dict[str, str]]] = []
        self._select: list[str] | None = None
        self._option: dict[str, str] | None = None
        self._said = ""

    @property
    def _part(self) -> Part:
        return self.content if any(attributes.get("id") in _PLACES for _, attributes in self._open) else self.frame

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag not in _VOID:
            self._open.append((tag, attributes))
        self.has_content = self.has_content or attributes.get("id") == "content"
        self._part.links.extend(_actions(tag, attributes))
        self._break_at(tag)
        if tag == "input":
            self._part.fields.append(_input(attributes))
        elif tag == "button" and attributes.get("name"):
            self._part.fields.append(f"{attributes['name']}: button {attributes.get('value', '')}".rstrip())
        elif tag == "select":
            self._select = []
        elif tag in {"option", "textarea"}:
            self._said, self._option = "", attributes

    def handle_endtag(self, tag: str) -> None:
        attributes = self._close(tag)
        if tag == "select" and self._select is not None:
            self._part.fields.append(f"{attributes.get('name', '')}: select {' | '.join(self._select)}")
            self._select = None
        elif tag == "option" and self._option is not None and self._select is not None:
            chosen = "*" if "selected" in self._option else ""
            self._select.append(f"{chosen}{' '.join(self._said.split())}")
            self._option = None
        elif tag == "textarea":
            text = " ⏎ ".join(line.strip() for line in self._said.strip().splitlines())
            self._part.fields.append(f"{attributes.get('name', '')}: textarea {text}".rstrip())
        elif tag == "button" and ("disabled" in attributes or attributes.get("aria-disabled") == "true"):
            self._part.pieces.append(" (off)")
        self._break_at(tag)

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self._open]
        if tags and tags[-1] == "title" and "svg" not in tags:
            self.title += " ".join(data.split())
        elif tags and tags[-1] in {"option", "textarea"}:
            self._said += data
        elif not _UNSEEN.intersection(tags) and "select" not in tags:
            self._part.pieces.append(self._shown(data))

    def _shown(self, data: str) -> str:
        """A text on one line; a traceback by its outcome, and what is cut short by the whole in its title."""
        if any(attributes.get("class") == "traceback" for _, attributes in self._open):
            return outcome_of_traceback(data)
        title = self._open[-1][1].get("title", "") if self._open else ""
        return title if data.strip() and title.startswith(data.strip()) else data.replace("\n", " ")

    def _break_at(self, tag: str) -> None:
        self._part.pieces.append(" " if tag in _INLINE else "\n")

    def _close(self, tag: str) -> dict[str, str]:
        """The attributes of the element that ends; elements left open inside it end with it."""
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index][0] == tag:
                attributes = self._open[index][1]
                del self._open[index:]
                return attributes
        return {}


def _actions(tag: str, attributes: dict[str, str]) -> Iterator[str]:
    if tag == "a" and "href" in attributes:
        yield attributes["href"]
    if tag == "form" and "action" in attributes:
        yield f"{attributes.get('method', 'get').upper()} {attributes['action']}"
    if "formaction" in attributes:
        yield f"POST {attributes['formaction']}"
    for name in _REQUESTS:
        if name in attributes:
            yield f"{name} {attributes[name]}"


def _input(attributes: dict[str, str]) -> str:
    name, kind = attributes.get("name", ""), attributes.get("type", "text")
    if name == "csrfmiddlewaretoken":
        return name
    ticked = " ticked" if "checked" in attributes else ""
    return f"{name}: {kind} {attributes.get('value', '')}".rstrip() + ticked
