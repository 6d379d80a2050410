"""What somebody typed into a form whose session had ended: carried, sealed, through the sign-in and then sent again.

A browser gets what it sent, sealed, in the sign-in page, and gives it back together with the password. On the way to
the identity provider it waits here (`waiting_forms`). What one person typed is shown to no other, and no secret is
given back in clear: those of workflows stay sealed, a password has to be typed again.
"""

import json
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, get_script_prefix, resolve

from orchestrator_site.auth import whose
from orchestrator_site.auth.addresses import wanted_page
from orchestrator_site.models import SignedInSession
from processes.engine.values.secrets import MASK
from processes.forms.secret_input import KEPT
from processes.lists import labels
from processes.store.sealing import VAULT, box_for

FIELD = "kept"
KEPT_FOR = timedelta(hours=24)
MOST_SEALED = 700_000
"""Characters: sealed, it has to come back in one request of somebody who shows no session."""
_PURPOSE = "forms of ended sessions"
_OURS = frozenset({"csrfmiddlewaretoken", FIELD})
_MACHINERY = re.compile(
    r"(^|\.)_[^.]*$|idempotency|^(seen|before|shown)$|-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$|^initial-"
)
"""Names of fields that no person has typed."""
_SECRET = ("password", "secret", "token")


@dataclass(frozen=True)
class KeptPost:
    """A form that was sent: its address, its fields in order, the page on which it stood, and who typed it.

    `person` is the key of the user. `dropped` are the names of passwords, which are not carried.
    """

    address: str
    fields: tuple[tuple[str, str], ...]
    page: str
    person: int
    dropped: tuple[str, ...] = ()

    @property
    def shows_again(self) -> bool:
        """Whether the address can show the form again with what was typed, rather than act at once."""
        try:
            view = resolve(f"/{urlsplit(self.address).path.removeprefix(get_script_prefix())}").func
        except Resolver404:
            return False
        return bool(getattr(view, "shows_again", False))

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What a person recognises of it: label and text of each field that is not empty and no machinery of ours."""
        return [
            (_label(name.removesuffix(f".{KEPT}")), MASK if name.endswith(f".{KEPT}") else value)
            for name, value in self.fields
            if value and not _is_machinery(name)
        ]

    @property
    def asked_again(self) -> list[str]:
        """What has to be typed again, by label."""
        return list(dict.fromkeys(map(_label, self.dropped)))

    @cached_property
    def sealed(self) -> str:
        """As a page carries it."""
        text = json.dumps([self.address, self.fields, self.page, self.person, self.dropped])
        return box_for(_PURPOSE).encrypt(b64encode(zlib.compress(text.encode()))).decode()

    @property
    def is_too_long(self) -> bool:
        """Whether it cannot be carried: who typed it is told to copy it."""
        return len(self.sealed) > MOST_SEALED

    def is_of(self, user: AnonymousUser | User) -> bool:
        """Whether this person may see it."""
        return user.is_authenticated and self.person == user.pk


def post_of(request: HttpRequest) -> KeptPost | None:
    """What a browser has sent by a form; None where there is nothing to keep."""
    if request.method != "POST" or request.FILES or "text/html" not in request.headers.get("Accept", ""):
        return None
    sent = [(name, str(value)) for name, values in request.POST.lists() for value in values if name not in _OURS]
    if not any(value for _, value in sent):
        return None
    fields, person = tuple(_carried(sent, request.POST)), _person_of(request)
    dropped = tuple(name for name, value in sent if value and _is_dropped(name, request.POST))
    if person is None:
        return None
    return KeptPost(request.get_full_path(), fields, wanted_page(request), person, dropped)


def opened(token: str) -> KeptPost | None:
    """What a page carried; None where it carries nothing of ours, or has done so for too long."""
    try:
        text = box_for(_PURPOSE).decrypt(token.encode(), ttl=int(KEPT_FOR.total_seconds()))
        address, fields, page, person, dropped = json.loads(zlib.decompress(b64decode(text)))
    except (InvalidToken, ValueError, zlib.error):
        return None
    return KeptPost(address, tuple((name, value) for name, value in fields), page, person, tuple(dropped))


def _person_of(request: HttpRequest) -> int | None:
    """Whose browser it is: who is signed in or was last, or who was in the session that its cookie still names."""
    if (known := whose.person_of(request)) is not None:
        return known
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return SignedInSession.objects.filter(session_key=key).values_list("user_id", flat=True).first() if key else None


def _carried(sent: Sequence[tuple[str, str]], post: QueryDict) -> Iterator[tuple[str, str]]:
    """The fields without passwords; a secret of a workflow takes the place of what its form keeps of it, sealed."""
    for name, value in sent:
        if _is_dropped(name, post) or f"{name}.{KEPT}" in post:
            continue
        typed = post.get(name.removesuffix(f".{KEPT}"), "") if name.endswith(f".{KEPT}") else ""
        yield name, VAULT.seal(typed) if typed else value


def _is_dropped(name: str, post: QueryDict) -> bool:
    is_secret = any(word in name.lower() for word in _SECRET)
    return is_secret and not name.endswith(f".{KEPT}") and f"{name}.{KEPT}" not in post


def _is_machinery(name: str) -> bool:
    return bool(_MACHINERY.search(name)) and not name.endswith(f".{KEPT}")


def _label(name: str) -> str:
    return labels.question(name.rstrip("0123456789").replace(".", " ") or name)
