"""Walk an area of the tour through the site's HTTP doors, and record what is answered."""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import reduce
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client

from tests.contracts import page_text
from tests.contracts.recording import Recording
from tests.contracts.stand_ins import StandIns
from tests.contracts.stops import Actor, Area, Meanwhile, SignIn, Stop
from tests.fakes.inventory import InventoryFake

HEADERS = (
    "Content-Type", "Clear-Site-Data", "Content-Disposition", "Content-Range", "ETag", "Link", "Location",
    "Retry-After", "WWW-Authenticate", "HX-Location", "HX-Redirect", "HX-Refresh", "HX-Retarget", "HX-Reswap",
    "HX-Trigger",
)  # fmt: skip
USUAL = (
    "Cache-Control", "Content-Security-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy", "Referrer-Policy",
    "Vary", "X-Content-Type-Options", "X-Frame-Options",
)  # fmt: skip
"""Headers that hardly differ from answer to answer."""
FORM = "application/x-www-form-urlencoded"
_KEPT = re.compile(r"\{([\w:/. -]+)\}")


class Journey:
    """One walk: the people with their sign-ins, what was kept on the way, and the inventory."""

    def __init__(self, kept: Mapping[str, str], *, tokens: Mapping[Actor, str], inventory: InventoryFake) -> None:
        self.kept = dict(kept)
        self.inventory = inventory
        self._tokens = tokens
        self._clients: dict[tuple[Actor, SignIn], Client] = {}
        self._stand_ins = StandIns({value: name for name, value in kept.items()}, now=datetime.now(UTC))
        self._recording = Recording()

    def walk(self, area: Area) -> Recording:
        """Make every stop in order."""
        for stop in area.stops:
            if isinstance(stop, Meanwhile):
                stop.happens(self.inventory)
                continue
            if stop.name in self._recording.answers:
                raise ValueError(f"Two stops of {area.name} are called {stop.name!r}.")
            self._recording.answers[stop.name] = self._recorded(stop, self.ask(stop))
        return self._recording

    def ask(self, stop: Stop) -> HttpResponseBase:
        """Make the request of a stop and keep what it keeps."""
        path, body = self._filled(stop.path), self._filled(stop.body)
        data, content_type = _encoded(path, body)
        headers = {name: self._filled(value) for name, value in stop.headers.items()}
        response = self._client(stop, path).generic(
            stop.method, path, data, headers.pop("Content-Type", content_type), headers=headers
        )
        for name, place in stop.keeps.items():
            self.kept[name] = value = _value_at(response, place)
            self._stand_ins.know(value, name)
        return response

    def _client(self, stop: Stop, path: str) -> Client:
        by_token = path.startswith("/api/") and stop.sign_in is SignIn.USUAL
        if by_token and stop.actor is not Actor.NOBODY:
            return Client(headers={"Authorization": f"Token {self._tokens[stop.actor]}"})
        if (stop.actor, stop.sign_in) not in self._clients:
            client = Client(enforce_csrf_checks=stop.sign_in is SignIn.CHECKED_SESSION)
            if stop.actor is not Actor.NOBODY:
                client.force_login(User.objects.get(username=stop.actor))
            self._clients[stop.actor, stop.sign_in] = client
        return self._clients[stop.actor, stop.sign_in]

    def _filled(self, value: Any) -> Any:
        """The value with `{name}` replaced by what is kept, or by an id that the inventory knows."""
        match value:
            case str():
                return _KEPT.sub(lambda match: self._known(match[1]), value)
            case dict():
                return {name: self._filled(inner) for name, inner in value.items()}
            case list() | tuple():
                return [self._filled(inner) for inner in value]
        return value

    def _known(self, name: str) -> str:
        """What is kept; else the id behind `dcim/sites/paris` or `interface ams-pe-1 ethernet-1/1`."""
        if name in self.kept:
            return self.kept[name]
        if name.startswith("interface "):
            _, device, interface = name.split(" ")
            return str(self.inventory.one("dcim/interfaces", device=device, name=interface)["id"])
        path, _, slug = name.rpartition("/")
        return str(self.inventory.one(path, slug=slug)["id"])

    def _recorded(self, stop: Stop, response: HttpResponseBase) -> dict[str, Any]:
        asked = f"{stop.method} {stop.path} as {stop.actor}"
        shown: dict[str, Any] = {"asked": asked, "status": response.status_code}
        said = (*HEADERS, "Allow") if stop.method == "OPTIONS" or response.status_code == 405 else HEADERS
        shown["headers"] = {
            name: self._stand_ins.header(name, response.headers[name]) for name in said if name in response.headers
        }
        if response.cookies:
            shown["cookies"] = {name: _cookie(morsel) for name, morsel in sorted(response.cookies.items())}
        usual = {name: _sorted(response.headers[name]) for name in USUAL if name in response.headers}
        shown["usual headers"] = self._recording.share("usual headers", usual)
        if (body := self._body(response)) not in ("", [], {}):
            shown["body"] = body
        return shown

    def _body(self, response: HttpResponseBase) -> Any:
        raw = _content(response)
        kind = response.headers.get("Content-Type", "")
        if "html" in kind or raw.lstrip().lower().startswith(b"<!doctype html"):
            return self._page(raw.decode())
        if "csv" in kind:
            return self._stand_ins.value([*_without_durations(raw.decode())])
        try:
            body = self._stand_ins.value(json.loads(raw)) if "json" in kind else None
        except ValueError:
            body = None
        if isinstance(body, list) and all(isinstance(row, dict) and row for row in body):
            return [self._recording.share(f"row {next(iter(row.values()))}", row) for row in body]
        return self._stand_ins.value(raw.decode().splitlines()) if body is None else body

    def _page(self, html: str) -> dict[str, Any]:
        page = page_text.read(html)
        shown: dict[str, Any] = {"title": self._stand_ins.text(page.title)} if page.title else {}
        shown |= self._stand_ins.value(page.content.as_json())
        if frame := page.frame.as_json():
            shown["frame"] = self._recording.share("frame", self._stand_ins.value(frame))
        return shown


def _encoded(path: str, body: Any) -> tuple[str, str]:
    if isinstance(body, str):
        return body, "application/json" if path.startswith("/api/") else FORM
    if path.startswith("/api/"):
        return ("" if body is None else json.dumps(body)), "application/json"
    return urlencode(body or {}, doseq=True), FORM


def _value_at(response: HttpResponseBase, place: str) -> str:
    if place in response.headers:
        return response.headers[place]
    if place.startswith("field "):
        (value,) = re.findall(rf'name="{place[6:]}" value="([^"]*)"', _content(response).decode())
        return str(value)
    steps = [int(step) if step.isdigit() else step for step in place.split(".")]
    return str(reduce(lambda value, step: value[step], steps, json.loads(_content(response))))


def _content(response: HttpResponseBase) -> bytes:
    if isinstance(response, HttpResponse):
        return response.content
    return b"".join(response)


def _without_durations(text: str) -> Iterator[list[str]]:
    """The rows of a CSV; how long something took says nothing."""
    heads, *rows = csv.reader(text.splitlines())
    yield heads
    for row in rows:
        yield ["<duration>" if head == "Duration" and cell else cell for head, cell in zip(heads, row, strict=True)]


def _sorted(header: str) -> str:
    """A header whose directives may come in any order."""
    return "; ".join(sorted(header.split("; ")))


def _cookie(morsel: Any) -> str:
    """Its flags, and whether it is taken away; its value is a secret."""
    flags = [name for name in ("secure", "httponly", "samesite", "path", "max-age") if morsel[name]]
    said = ", ".join(f"{name}={morsel[name]}" for name in flags)
    return f"removed; {said}" if not morsel.value else said
