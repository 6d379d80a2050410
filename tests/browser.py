"""A page in a real browser that remembers what it should not have done."""

from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

WIDE, NARROW = 1280, 390
Scheme = Literal["light", "dark"]


@dataclass
class Visit:
    """A page that remembers what it should not have done."""

    page: Page
    host: str
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)

    def watch(self) -> "Visit":
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._asked(request.url))
        return self

    def _note(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(text)

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and f"{parts.scheme}://{parts.netloc}" != self.host:
            self.strangers.append(url)

    def sign_in(self, name: str) -> None:
        self.page.goto(f"{self.host}/sign-in/")
        self.page.get_by_label("Username").fill(name)
        self.page.get_by_label("Password").fill(name)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Welcome")

    def check(self) -> None:
        """Fail on anything serious that axe finds, on sideways scrolling, other hosts and console complaints."""
        found = Axe().run(self.page).response["violations"]
        serious = [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found if _is_serious(rule)]
        assert serious == []
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert self.strangers == []
        assert self.complaints == []


def _is_serious(rule: dict[str, object]) -> bool:
    return rule["impact"] in {"serious", "critical"}


def sign_in(page: Page, server: LiveServer, user: User) -> None:
    page.goto(f"{server.url}/sign-in/")
    page.fill("input[name=username]", user.username)
    page.fill("input[name=password]", user.username)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{server.url}/")
