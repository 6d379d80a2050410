"""The workflows with forms, and a browser without JavaScript: it follows the forms that a page shows."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from processes.models import Process
from processes.plugins import registry
from processes.queries import timeline
from tests.processes import form_workflows


@pytest.fixture
def registered(settings: Settings) -> Iterator[None]:
    settings.WORKFLOW_MODULES = ["tests.processes.form_workflows"]
    registry.reload()
    form_workflows.problems.clear()
    form_workflows.unreachable.clear()
    yield
    registry.reload()


@pytest.fixture
def visitor(client: Client, operator: User, registered: None) -> Client:
    """An operator's browser."""
    client.force_login(operator)
    return client


class _Forms(HTMLParser):
    """The forms of a page: where each goes, and what it holds already."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.by_id: dict[str, dict[str, str]] = {}
        self.apart: list[dict[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method") == "post":
            self.forms.append((given["action"], self.by_id.setdefault(given.get("id") or given["action"], {})))
        if tag != "input" or given.get("type") != "hidden":
            return
        if "form" in given:
            self.apart.append(given)
        elif self.forms:
            self.forms[-1][1][given["name"]] = given.get("value", "")

    def close(self) -> None:
        super().close()
        for given in self.apart:
            self.by_id.get(given["form"], {})[given["name"]] = given.get("value", "")


def forms(html: str) -> dict[str, dict[str, str]]:
    """The POST forms of a page by the last word of their address, with the hidden values they send."""
    parser = _Forms()
    parser.feed(html)
    parser.close()
    return {
        action.split("?")[0].rstrip("/").rpartition("/")[2]: {**hidden, "": action} for action, hidden in parser.forms
    }


def send(visitor: Client, html: str, form: str, **values: Any) -> Any:
    """Press the button of a form of a page."""
    hidden = forms(html)[form]
    address = hidden.pop("")
    return visitor.post(address, {**hidden, **values})


def page(visitor: Client, process: Process, path: str = "") -> str:
    return visitor.get(f"/processes/{process.pk}/{path}").content.decode()


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def begin(visitor: Client, name: str, query: str = "") -> str:
    return led_to(visitor, f"/workflows/{name}/start/{query}")


def led_to(visitor: Client, url: str) -> str:
    """Where an address redirects to."""
    answer: Any = visitor.get(url)
    return str(answer.url)


def go(visitor: Client, url: str, **answers: Any) -> Any:
    return visitor.post(url, answers)


def told(process: Process) -> list[tuple[str, str, list[str]]]:
    """Name, status and earlier statuses of each step of a timeline."""
    found = Process.objects.select_related("workflow_version").get(pk=process.pk)
    return [(one.name, one.latest.status.value, [try_.status.value for try_ in one.earlier]) for one in timeline(found)]
