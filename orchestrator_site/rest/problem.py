"""One error as problem details (RFC 9457), and those that no view raises; the web server, too, knows no Django."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Problem:
    """One error as a client sees it; `extra` members stand beside the standard ones."""

    status: int
    detail: str
    type: str = "about:blank"
    title: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        title = self.title or HTTPStatus(self.status).phrase
        return {"type": self.type, "title": title, "status": self.status, "detail": self.detail, **self.extra}


UNAVAILABLE = Problem(
    503,
    "The database cannot be used just now. Committed work is kept. Try again in a moment.",
    title="Temporarily unavailable",
    headers={"Retry-After": "5"},
)
TOO_LARGE = Problem(413, "The request body is too large.", title="Request too large")
