"""The frame of every page: menu, name, version, environment; what the user may not see is left out."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from orchestrator_site.auth.addresses import wanted_page
from orchestrator_site.auth.local import BACKEND, breaks_glass
from orchestrator_site.auth.vouching import Vouch
from orchestrator_site.look.statuses import Tone
from processes.access.permissions import Action, AnyUser, decide, rights_of, roles_of, visible
from processes.access.step_up import highest_missing
from processes.lists.addresses import address_of
from processes.lists.counts import Capped
from processes.models import Process
from processes.queries.attention import attention_among
from processes.store.attention import Attention, attention

NAME = "Orchestrator"
NONE = Capped(0)
VERSION: str = tomllib.loads((settings.ROOT / "pyproject.toml").read_text())["project"]["version"]


@dataclass(frozen=True)
class Entry:
    """A line of the menu, before it is known who looks; `also` names a page that belongs to it."""

    label: str
    icon: str
    url_name: str
    action: Action = Action.VIEW
    query: str = ""
    counts: str = ""
    also: str = ""
    apart: bool = False


@dataclass(frozen=True)
class Item:
    """A line of the menu as one user sees it; `count` is 0 when there is nothing to tell."""

    label: str
    icon: str
    url: str
    active: bool
    apart: bool
    count: Capped = NONE
    count_label: str = ""
    tone: Tone = Tone.NEUTRAL


ENTRIES: Sequence[Entry] = (
    Entry("Start", "layout-dashboard", "home"),
    Entry("Subscriptions", "stack-2", "subscriptions:list"),
    Entry("Processes", "list-check", "processes:list", counts="suspended"),
    Entry("Tasks", "subtask", "processes:list", query="is_task=true", counts="failed", also="processes:tasks"),
    Entry("Products", "package", "products:list"),
    Entry("Engine", "activity", "processes:engine", action=Action.WATCH),
    Entry("Admin", "settings", "admin:index", action=Action.EDIT_CATALOGUE, apart=True),
    Entry("API docs", "api", "api-docs"),
)


def menu(request: HttpRequest) -> dict[str, "Shell"]:
    """Context processor: `shell`, worked out only as far as a template asks."""
    return {"shell": Shell(request)}


def attention_of(request: HttpRequest) -> Attention:
    """What waits for a person, asked once for a page that tells it in several places."""
    known: Attention | None = getattr(request, "attention", None)
    if known is None:
        known = request.attention = _attention_for(request.user)  # type: ignore[attr-defined]
    return known


def _attention_for(user: AnyUser) -> Attention:
    """What waits, by one kept statement; counted one by one for somebody who may not see everything."""
    everything = Process.objects.all()
    shown = visible(everything, user)
    return attention() if shown is everything else attention_among(shown)


def admin_label(request: HttpRequest) -> list[str] | None:  # noqa: ARG001 - called by unfold
    """What stands in the head of every page of the admin: text and colour; nothing while the engine runs."""
    return ["Engine paused", "warning"] if attention().paused else None


class Shell:
    """What base.html shows around a page."""

    name = NAME
    version = VERSION

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def environment(self) -> str:
        return str(getattr(settings, "ENVIRONMENT", ""))

    @property
    def home_url(self) -> str:
        return address_of("home")

    @property
    def login_url(self) -> str:
        return address_of("login")

    @property
    def logout_url(self) -> str:
        return address_of("logout")

    @property
    def api_docs_url(self) -> str:
        return address_of("api-docs")

    @property
    def new_url(self) -> str:
        """Where one orders; nothing for those who may not start."""
        return address_of("order") if self._may(Action.START) else ""

    @property
    def roles(self) -> str:
        return ", ".join(sorted(roles_of(self._user)))

    @property
    def paused(self) -> bool:
        """Whether the engine stands still; told on every page."""
        return self._may(Action.VIEW) and self._attention.paused

    @property
    def stronger_url(self) -> str:
        """Where to sign in at a level that some act asks for and this session has not; empty when there is none."""
        level = highest_missing(rights_of(self._user).acr) if self._user.is_authenticated else ""
        if not level:
            return ""
        return (
            f"{address_of('oidc_authentication_init')}?{urlencode({'acr': level, 'next': wanted_page(self._request)})}"
        )

    @property
    def breaks_glass(self) -> bool:
        """Whether somebody is here by a password on a site where that is for emergencies."""
        session = getattr(self._request, "session", {})
        return breaks_glass() and session.get(BACKEND_SESSION_KEY) == BACKEND

    @property
    def silent_until(self) -> datetime | None:
        """Until when this session lasts although the identity provider does not answer; None while it does."""
        vouch = getattr(self._request, "vouch", None)
        return vouch.until if isinstance(vouch, Vouch) else None

    @property
    def failed_tasks(self) -> Capped:
        """How many tasks have failed; told by the menu, and by the page that retries them."""
        return self._attention.failed_tasks

    @cached_property
    def items(self) -> list[Item]:
        """The menu; entries of pages that this site lacks or this user may not see are left out."""
        if not self._user.is_authenticated:
            return []
        shown = [(entry, address_of(entry.url_name)) for entry in ENTRIES if self._may(entry.action)]
        return [self._item(entry, url) for entry, url in shown if url]

    def _may(self, action: Action) -> bool:
        return decide(self._user, action).allowed

    @property
    def _user(self) -> AnyUser:
        return self._request.user if hasattr(self._request, "user") else AnonymousUser()

    def _item(self, entry: Entry, url: str) -> Item:
        count, words, tone = self._count(entry.counts)
        href = f"{url}?{entry.query}" if entry.query else url
        return Item(entry.label, entry.icon, href, self._is_here(entry, url), entry.apart, count, words, tone)

    def _is_here(self, entry: Entry, url: str) -> bool:
        here = self._request.path
        if entry.url_name == "home":
            return here == url
        if entry.also and here == address_of(entry.also):
            return True
        if not here.startswith(url):
            return False
        return ("is_task" in self._request.GET) == bool(entry.query) if entry.url_name == "processes:list" else True

    def _count(self, name: str) -> tuple[Capped, str, Tone]:
        match name:
            case "suspended":
                return self._attention.need_input, "need input", Tone.ATTENTION
            case "failed":
                return self._attention.failed_tasks, "failed", Tone.BAD
            case _:
                return NONE, "", Tone.NEUTRAL

    @property
    def _attention(self) -> Attention:
        return attention_of(self._request)
