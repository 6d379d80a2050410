"""An identity provider in the shape of Keycloak, over real HTTP on loopback: authorize, token, keys.

It signs whatever a test puts into `person`, `id_token` and `access_token`, so that it can also answer wrongly.
"""

import hashlib
import json
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

CLIENT_ID = "orchestrator"
CLIENT_SECRET = "provider-knows-this"
REALM = "/realms/network"
KEY = rsa.generate_private_key(65537, 2048)


@dataclass
class IdentityProvider:
    """What it knows and how it misbehaves; `requests` counts calls by the last word of their path."""

    key: rsa.RSAPrivateKey = KEY
    kid: str = "first"
    address: str = ""
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "4711", "preferred_username": "ada"})
    id_token: dict[str, Any] = field(default_factory=dict)
    access_token: dict[str, Any] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)
    fails_with: int = 0
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        return f"{self.address}{REALM}"

    def sign(self, claims: dict[str, Any], *, key: rsa.RSAPrivateKey | None = None, kid: str | None = None) -> str:
        """A token with these claims over what is usual; a claim of None is left out."""
        now = int(time.time())
        usual = {"iss": self.issuer, "iat": now, "exp": now + 300, **self.person}
        merged = {name: value for name, value in (usual | claims).items() if value is not None}
        return jwt.encode(merged, key or self.key, algorithm="RS256", headers={"kid": kid or self.kid})

    def access(self, **claims: Any) -> str:
        return self.sign({"typ": "Bearer", "azp": CLIENT_ID, "aud": "account"} | claims)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        endpoint = request.path.rpartition("/")[2]
        self.requests[endpoint] = self.requests.get(endpoint, 0) + 1
        if self.fails_with:
            return Response("<h1>Oops</h1>", self.fails_with)(environ, start_response)
        match endpoint:
            case "auth":
                response = self._authorize(request)
            case "token":
                response = self._token(request)
            case "certs":
                response = _json({"keys": [self._public_key()]})
            case _:
                response = NotFound().get_response()
        return response(environ, start_response)

    def _authorize(self, request: Request) -> Any:
        code = secrets.token_urlsafe(16)
        self._codes[code] = dict(request.args)
        return redirect(f"{request.args['redirect_uri']}?code={code}&state={request.args['state']}")

    def _token(self, request: Request) -> Response:
        asked = self._codes.pop(request.form.get("code", ""), None)
        verifier = request.form.get("code_verifier", "")
        challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != challenge or request.form["client_secret"] != CLIENT_SECRET:
            return BadRequest("invalid_grant").get_response()
        own = {"typ": "ID", "aud": CLIENT_ID, "azp": CLIENT_ID, "nonce": asked["nonce"]}
        return _json({"id_token": self.sign(own | self.id_token), "access_token": self.access(**self.access_token)})

    def _public_key(self) -> dict[str, Any]:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {**public, "kid": self.kid, "alg": "RS256", "use": "sig"}


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the library's name
        return


def _json(value: dict[str, Any]) -> Response:
    return Response(json.dumps(value), content_type="application/json")


@contextmanager
def running() -> Iterator[IdentityProvider]:
    """A provider that listens until the end of the block."""
    provider = IdentityProvider()
    server: BaseWSGIServer = make_server("127.0.0.1", 0, provider, threaded=True, request_handler=_Silent)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
