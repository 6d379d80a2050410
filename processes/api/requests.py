"""What the endpoints of this app read of a request: who asks, the members of its body, its idempotency key."""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from django.contrib.auth.models import AbstractUser
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from processes.actions import LONGEST_NOTE
from processes.engine.values.text import plain_lines
from processes.models import Process


class ProcessView(APIView):
    """A view of processes: one that does not exist is 404."""

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, Process.DoesNotExist):
            exc = NotFound("There is no process with this id.")
        return super().handle_exception(exc)


def person(request: Request) -> AbstractUser:
    """Who calls; the permission class has refused everybody else."""
    assert isinstance(request.user, AbstractUser)
    return request.user


def pages_of(request: Request) -> list[dict[str, Any]]:
    """The body as a list with one object a page. Raises ValidationError naming the page that is none."""
    body = request.data
    if not isinstance(body, list):
        raise ValidationError({"body": ["Must be a list with one object per page, such as [{}]."]})
    wrong = [number for number, page in enumerate(body) if not isinstance(page, dict)]
    if wrong:
        raise ValidationError({f"body[{number}]": ["The answers to a page must be an object."] for number in wrong})
    return body


def note_text(request: Request) -> str:
    """The note in a body `{"note": text or null}`. Raises ValidationError."""
    body = request.data
    if not isinstance(body, dict) or set(body) != {"note"} or not isinstance(body["note"], str | None):
        raise ValidationError({"note": ['Must be an object with a string: {"note": "…"}.']})
    note = body["note"] or ""
    length = len(plain_lines(note).strip())
    if length > LONGEST_NOTE:
        raise ValidationError({"note": [f"A note can have at most {LONGEST_NOTE} characters; this one has {length}."]})
    return note


def idempotency_key_of(request: Request) -> str:
    """The Idempotency-Key of a request. Raises ValidationError when it is too long."""
    key: str = request.headers.get("Idempotency-Key", "")
    if len(key) > 255:
        raise ValidationError({"Idempotency-Key": ["Must have at most 255 characters."]})
    return key


def seen_of(request: Request) -> str:
    """What the caller saw of the process (If-Match with the ETag of its GET), "" when they do not say."""
    given = request.headers.get("If-Match", "").strip()
    return "" if given in {"", "*"} else given.removeprefix('"').removesuffix('"').rpartition("~")[0] or given


def etag_of(process: Process) -> str:
    """Where a process stands, and a digest of what else its answer tells."""
    rest = blake2b(repr((process.note, process.progress)).encode(), digest_size=6).hexdigest()
    return f'"{process.stand}~{rest}"'


def members(
    request: Request, required: Mapping[str, type], optional: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The members of a body that is one object. Raises ValidationError naming what is missing, unknown or wrong."""
    body = {} if request.data is None else request.data
    if not isinstance(body, dict):
        names = ", ".join(required or optional or {})
        raise ValidationError({"body": [f"Must be an object with {names}." if names else "Must be empty."]})
    known = {**required, **(optional or {})}
    wrong = {name: ["Unknown field."] for name in body.keys() - known.keys()}
    wrong |= {name: ["This field is required."] for name in required.keys() - body.keys()}
    wrong |= {
        name: [f"Must be {_WORDS[kind]}."]
        for name, kind in known.items()
        if name in body and not isinstance(body[name], kind)
    }
    if wrong:
        raise ValidationError(wrong)
    return dict(body)


_WORDS: Mapping[Any, str] = {
    str: "a string",
    bool: "true or false",
    dict: "an object",
    dict | None: "an object or null",
}
