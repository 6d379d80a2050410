"""One caller of the site: a connection that is kept alive, and a token, or the session of somebody in a browser."""

import base64
import http.client
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from email.message import Message
from http.cookies import SimpleCookie
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

SECONDS = 60
PROXY = {"X-Forwarded-Proto": "https"}
"""The benchmarks call as the proxy does that ends TLS."""
_HIDDEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Refused(Exception):
    """The answer is not the one that was expected; the message has its status and its beginning."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Message
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Client:
    """A caller. Use it as a context, which closes the connection."""

    def __init__(self, port: int, token: str = "", session: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        self.headers = {**PROXY, "Host": "127.0.0.1"}
        if token:
            self.headers["Authorization"] = f"Token {token}"
        if session:
            self.headers["Cookie"] = session

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()

    def start(self, workflow: str, *pages: Mapping[str, object]) -> str:
        """Start a workflow with the answers to its form; the id of its process. Raises Refused."""
        body = json.dumps(pages or [{}]).encode()
        headers = {"Content-Type": "application/json"}
        return str(self.ask("POST", f"/api/processes/{workflow}", body, headers, expected=(201,)).json()["id"])

    def get(self, path: str, headers: Mapping[str, str] | None = None, *, expected: Collection[int] = (200,)) -> Answer:
        """Raises Refused."""
        return self.ask("GET", path, headers=headers, expected=expected)

    def is_up(self) -> bool:
        """Whether the site answers, and says that its database does."""
        return bool(self._health().get("checks", {}).get("database") == "ok")

    def is_well(self) -> bool:
        """Whether the site answers, and says that all is well."""
        return self._health().get("status") == "ok"

    def _health(self) -> dict[str, Any]:
        """What the site says of itself, well or not; nothing where it does not answer."""
        try:
            self._connection.request("GET", "/api/health/", headers=self.headers)
            health: dict[str, Any] = json.loads(self._connection.getresponse().read())
        except (OSError, http.client.HTTPException, ValueError):
            self._connection.close()
            return {}
        return health

    def token(self, name: str, password: str) -> str:
        """Sign in as a program does; the token. Raises Refused."""
        basic = base64.b64encode(f"{name}:{password}".encode()).decode()
        answer = self.ask("POST", "/api/auth/login/", b"", {"Authorization": f"Basic {basic}"})
        return str(answer.json()["token"])

    def session(self, name: str, password: str) -> str:
        """Sign in as a person does; the cookies of the session. Raises Refused."""
        page = self.get("/sign-in/")
        hidden = _HIDDEN.search(page.body.decode())
        assert hidden, "the sign-in page has a token against forgery"
        form = urlencode({"csrfmiddlewaretoken": hidden[1], "username": name, "password": password}).encode()
        headers = {
            "Cookie": _cookies(page),
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": "https://127.0.0.1/sign-in/",
        }
        return _cookies(self.ask("POST", "/sign-in/", form, headers, expected=(302,)))

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        expected: Collection[int] = (200,),
    ) -> Answer:
        """Raises Refused."""
        self._connection.request(method, path, body, {**self.headers, **(headers or {})})
        response = self._connection.getresponse()
        text = response.read()
        if response.status not in expected:
            raise Refused(f"{method} {path}: {response.status} {text[:500]!r}")
        return Answer(response.status, response.headers, text)


def _cookies(answer: Answer) -> str:
    """Those that an answer sets, as a request sends them."""
    cookies = [SimpleCookie(header) for header in answer.headers.get_all("Set-Cookie", [])]
    return "; ".join(f"{name}={morsel.value}" for one in cookies for name, morsel in one.items())
