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
STAND_STILL = """
() => {
  window.still = new CSSStyleSheet();
  window.still.replaceSync("*, ::before, ::after { transition: none !important; }");
  document.adoptedStyleSheets.push(window.still);
}
"""
MOVE_AGAIN = "() => { document.adoptedStyleSheets = document.adoptedStyleSheets.filter(one => one !== window.still); }"
PAINTED = """
async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const ends = document.getAnimations().filter(each => each.effect.getComputedTiming().iterations !== Infinity);
  await Promise.allSettled(ends.map(each => each.finished));
}
"""
"""Comes back when the page has heard of a change, and nothing moves any more that ends."""


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

    def leave(self) -> None:
        """Close the page, and leave nothing in the browser that the next one would find."""
        if self.page.url.startswith(self.host):
            self.page.evaluate("localStorage.clear()")
        self.page.context.clear_cookies()
        self.page.close()

    def check(self) -> None:
        """`check_as_it_is` in each look; of what axe asks only the contrast depends on the light."""
        for scheme in self.looks():
            self.check_as_it_is(*(["color-contrast"] if scheme == "dark" else []))

    def looks(self) -> Iterator[Scheme]:
        """In light and dark, wide and narrow, then as it was; it is not loaded again, and no colour fades meanwhile."""
        size = self.page.viewport_size or {"width": WIDE, "height": HEIGHT}
        is_dark = self.page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        self.page.evaluate(STAND_STILL)
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            for scheme in SCHEMES:
                self.page.emulate_media(color_scheme=scheme)
                self.page.evaluate(PAINTED)
                yield scheme
        self.page.emulate_media(color_scheme="dark" if is_dark else "light")
        self.page.set_viewport_size(size)
        self.page.evaluate(MOVE_AGAIN)

    def check_as_it_is(self, *rules: str) -> None:
        """Fail on anything serious that axe finds, by these rules alone if there are any, and on bad manners."""
        serious = [rule for rule in violations(self.page, *rules) if rule[1] in {"serious", "critical"}]
        assert not serious, serious
        self.check_manners()

    def check_manners(self) -> None:
        """Fail on sideways scrolling, other hosts and console complaints."""
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
        assert not self.strangers, self.strangers
        assert not self.complaints, self.complaints


def violations(page: Page, *rules: str) -> list[tuple[str, str, list[str]]]:
    """What axe finds by these rules, or by all: rule, impact, and the elements. Its script is brought in once."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE_SCRIPT)
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    return [(rule["id"], rule["impact"], [node["html"] for node in rule["nodes"]]) for rule in found]


def sign_in(context: BrowserContext, host: str, user: User) -> None:
    """The session of a user as a cookie."""
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": host}])
