"""A page in a real browser that remembers what it should not have done."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import BrowserContext, Page

WIDE, NARROW, HEIGHT = 1280, 390, 844
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
WIDTHS = (WIDE, NARROW)
PAINTED = """
async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const ends = document.getAnimations().filter(each => each.effect.getComputedTiming().iterations !== Infinity);
  await Promise.allSettled(ends.map(each => each.finished));
}
"""
"""Comes back when the page has heard of a change, and no colour fades any more."""


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
        """Let the browser have the session of this user; how people sign in is tested once, with the frame."""
        sign_in(self.page.context, self.host, User.objects.get(username=name))

    def open(self, path: str) -> None:
        self.page.goto(f"{self.host}{path}")

    def check(self) -> None:
        """`check_as_it_is`, in each look."""
        for _ in self.looks():
            self.check_as_it_is()

    def looks(self) -> Iterator[None]:
        """In light and dark, wide and narrow, then as it was; the page is not loaded again for it."""
        size = self.page.viewport_size or {"width": WIDE, "height": HEIGHT}
        is_dark = self.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            for scheme in SCHEMES:
                self.page.emulate_media(color_scheme=scheme)
                self.page.evaluate(PAINTED)
                yield
        self.page.emulate_media(color_scheme="dark" if is_dark else "light")
        self.page.set_viewport_size(size)

    def check_as_it_is(self) -> None:
        """Fail on anything serious that axe finds, on sideways scrolling, other hosts and console complaints."""
        serious = [rule for rule in violations(self.page) if rule[1] in {"serious", "critical"}]
        assert not serious, serious
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
        assert not self.strangers, self.strangers
        assert not self.complaints, self.complaints


def violations(page: Page) -> list[tuple[str, str, list[str]]]:
    """What axe finds: rule, impact, and the elements. Its script is brought into a page once."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [(rule["id"], rule["impact"], [node["html"] for node in rule["nodes"]]) for rule in found]


def sign_in(context: BrowserContext, host: str, user: User) -> None:
    """The session of a user as a cookie."""
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": host}])
