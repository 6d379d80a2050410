"""What somebody typed into a form whose session had ended: carried, sealed, through the sign-in and then sent again.

Nothing is kept on the server: who is not signed in stores nothing here. A browser gets what it sent, sealed, in the
sign-in page, and gives it back together with the password.
"""

import json
import zlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, get_script_prefix, resolve

from orchestrator_site.auth.addresses import wanted_page
from processes.engine.values.secrets import MASK, SecretLost
from processes.lists import labels
from processes.store.sealing import VAULT

FIELD = "kept"
MOST_CHARACTERS = 500_000
"""Of a longer form nothing is carried: sealed, it has to come back in one request."""
_OURS = frozenset({"csrfmiddlewaretoken"})
_SECRET = ("password", "secret", "token")


@dataclass(frozen=True)
class KeptPost:
    """A form that was sent: its address, its fields in order, and the page on which it stood."""

    address: str
    fields: tuple[tuple[str, str], ...]
    page: str

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
            (labels.question(name.replace(".", " ")), MASK if _is_secret(name) else value)
            for name, value in self.fields
            if value and not name.rpartition(".")[2].startswith("_") and "idempotency" not in name
        ]

    def sealed(self) -> str:
        """As a page carries it."""
        text = json.dumps([self.address, self.fields, self.page])
        return VAULT.seal(b64encode(zlib.compress(text.encode())).decode())


def post_of(request: HttpRequest) -> KeptPost | None:
    """What a browser has sent by a form; None where there is nothing to keep, or too much."""
    if request.method != "POST" or request.FILES or "text/html" not in request.headers.get("Accept", ""):
        return None
    fields = tuple((name, str(value)) for name, values in request.POST.lists() for value in values if name not in _OURS)
    length = sum(len(name) + len(value) for name, value in fields)
    if not any(value for _, value in fields) or length > MOST_CHARACTERS:
        return None
    return KeptPost(request.get_full_path(), fields, wanted_page(request))


def opened(token: str) -> KeptPost | None:
    """What a page carried; None where it carries nothing of ours."""
    try:
        text = VAULT.open(token)
        address, fields, page = json.loads(zlib.decompress(b64decode(text))) if text else ("", (), "")
    except (SecretLost, ValueError, zlib.error):
        return None
    return KeptPost(address, tuple((name, value) for name, value in fields), page) if address else None


def _is_secret(name: str) -> bool:
    return any(word in name.lower() for word in _SECRET)
