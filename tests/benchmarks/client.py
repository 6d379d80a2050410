"""One caller of the REST interface: a connection that is kept alive, and a token."""

import base64
import http.client
import json
from types import TracebackType
from typing import Self
from uuid import UUID

SECONDS = 30
_PROXY = {"X-Forwarded-Proto": "https"}
"""The benchmarks call as the proxy does that ends TLS."""


class Refused(Exception):
    """The answer is not the one that was expected; the message has its status and its beginning."""


class Client:
    """A caller. Use it as a context, which closes the connection."""

    def __init__(self, port: int, token: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        self._headers = {**_PROXY, **({"Authorization": f"Token {token}"} if token else {})}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._connection.close()

    def start(self, workflow: str) -> UUID:
        """Start a workflow that asks nothing; the id of its process. Raises Refused."""
        headers = {**self._headers, "Content-Type": "application/json"}
        return UUID(self._ask("POST", f"/api/processes/{workflow}", b"[{}]", headers, 201)["id"])

    def is_well(self) -> bool:
        """Whether the site answers, and says that it is well."""
        try:
            return bool(self._ask("GET", "/api/health/", None, self._headers, 200)["status"] == "ok")
        except (OSError, http.client.HTTPException, Refused):
            self._connection.close()
            return False

    def sign_in(self, name: str, password: str) -> str:
        """A token. Raises Refused."""
        basic = base64.b64encode(f"{name}:{password}".encode()).decode()
        headers = {**_PROXY, "Authorization": f"Basic {basic}"}
        return str(self._ask("POST", "/api/auth/login/", b"", headers, 200)["token"])

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str], expected: int
    ) -> dict[str, str]:
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        text = response.read()
        if response.status != expected:
            raise Refused(f"{method} {path}: {response.status} {text[:500]!r}")
        answer: dict[str, str] = json.loads(text)
        return answer
