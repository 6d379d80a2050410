"""An identity provider in the shape of Keycloak, over real HTTP on loopback: description, authorize, token, keys.

It signs whatever a test puts into `person`, `id_token` and `access_token`, so that it can also answer wrongly. It keeps
sessions and turns refresh tokens over as Keycloak does that revokes them: one that was used before ends its session.
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
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from tests.fakes.directory import ALLOWED, Directory

CLIENT_ID = "orchestrator"
CLIENT_SECRET = "provider-knows-this"
REALM = "/realms/network"
KEY = rsa.generate_private_key(65537, 2048)
LOGOUT_EVENT: dict[str, Any] = {"http://schemas.openid.net/event/backchannel-logout": {}}
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass
class ProviderSession:
    """A session of a person here, with the refresh token that counts now."""

    subject: str
    refresh_token: str


@dataclass
class IdentityProvider:
    """What it knows and how it misbehaves; `requests` counts calls by the last word of their path.

    `person` signs in next; `people` are the claims of those who did, by subject, as renewals tell them. While `held` is
    not set, the token endpoint answers nobody.
    """

    key: PrivateKey = KEY
    kid: str = "first"
    algorithm: str = "RS256"
    address: str = ""
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "4711", "preferred_username": "ada"})
    id_token: dict[str, Any] = field(default_factory=dict)
    access_token: dict[str, Any] = field(default_factory=dict)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    disabled: set[str] = field(default_factory=set)
    sessions: dict[str, ProviderSession] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    fails_with: int = 0
    user_info: dict[str, Any] = field(default_factory=dict)
    described: dict[str, Any] = field(default_factory=dict)
    directory: Directory = field(default_factory=Directory)
    held: threading.Event = field(default_factory=threading.Event)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.held.set()

    @property
    def issuer(self) -> str:
        return f"{self.address}{REALM}"

    def sign(self, claims: dict[str, Any], *, key: PrivateKey | None = None, **header: str) -> str:
        """A token with these claims over what is usual; a claim of None is left out."""
        now = int(time.time())
        usual = {"iss": self.issuer, "iat": now, "exp": now + 300, **self.person}
        merged = {name: value for name, value in (usual | claims).items() if value is not None}
        algorithm = header.pop("alg", self.algorithm)
        return jwt.encode(merged, key or self.key, algorithm=algorithm, headers={"kid": self.kid, **header})

    def access(self, **claims: Any) -> str:
        return self.sign({"typ": "Bearer", "azp": CLIENT_ID, "aud": "account"} | claims)

    def logout_token(self, **claims: Any) -> str:
        """What it sends by the back channel; `sub` or `sid` are for the caller to name."""
        usual = {"typ": "Logout", "aud": CLIENT_ID, "jti": secrets.token_hex(8), "events": LOGOUT_EVENT}
        return self.sign(dict.fromkeys(self.person) | usual | claims, typ="logout+jwt")

    def rotate_keys(self) -> None:
        """Sign with a new key from now on; the old one is gone."""
        self.key, self.kid = rsa.generate_private_key(65537, 2048), secrets.token_hex(4)

    def end_sessions(self, subject: str) -> None:
        self.sessions = {sid: session for sid, session in self.sessions.items() if session.subject != subject}

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        endpoint = request.path.rpartition("/")[2]
        self.requests[endpoint] = self.requests.get(endpoint, 0) + 1
        if self.fails_with:
            return Response("<h1>Oops</h1>", self.fails_with)(environ, start_response)
        match endpoint:
            case "openid-configuration":
                response = _json(self._description())
            case "auth":
                response = self._authorize(request)
            case "token":
                self.held.wait(30)
                response = self._token(request)
            case "certs":
                response = _json({"keys": [self.public_key()]})
            case "userinfo":
                response = _json(self.user_info)
            case _ if "/admin/realms/" in request.path:
                told = self.directory.answer(request.path, request.args, request.headers.get("Authorization", ""))
                response = _json(*told)
            case _:
                response = NotFound().get_response()
        return response(environ, start_response)

    def _description(self) -> dict[str, Any]:
        base = f"{self.issuer}/protocol/openid-connect"
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{base}/auth",
            "token_endpoint": f"{base}/token",
            "userinfo_endpoint": f"{base}/userinfo",
            "jwks_uri": f"{base}/certs",
            "end_session_endpoint": f"{base}/logout",
            **self.described,
        }

    def _authorize(self, request: Request) -> Any:
        code = secrets.token_urlsafe(16)
        self.asked = dict(request.args)
        self._codes[code] = dict(request.args)
        return redirect(f"{request.args['redirect_uri']}?code={code}&state={request.args['state']}&iss={self.issuer}")

    def _token(self, request: Request) -> Response:
        if request.form["client_secret"] != CLIENT_SECRET:
            return _json({"error": "invalid_client"}, 401)
        if request.form["grant_type"] == "refresh_token":
            return self._renew(request.form["refresh_token"])
        if request.form["grant_type"] == "client_credentials":
            return _json({"access_token": ALLOWED, "token_type": "Bearer"})
        asked = self._codes.pop(request.form.get("code", ""), None)
        verifier = request.form.get("code_verifier", "")
        challenge = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != challenge:
            return BadRequest("invalid_grant").get_response()
        sid, subject = secrets.token_hex(8), str(self.person.get("sub"))
        self.people[subject] = dict(self.person)
        self.sessions[sid] = ProviderSession(subject, f"{sid}.{secrets.token_hex(8)}")
        return self._tokens(sid, nonce=asked["nonce"])

    def _renew(self, token: str) -> Response:
        sid = token.partition(".")[0]
        session = self.sessions.get(sid)
        if session is None or session.subject in self.disabled:
            return _json({"error": "invalid_grant", "error_description": "Session not active"}, 400)
        if token != session.refresh_token:
            del self.sessions[sid]
            return _json({"error": "invalid_grant", "error_description": "Maximum allowed refresh token reuse"}, 400)
        session.refresh_token = f"{sid}.{secrets.token_hex(8)}"
        return self._tokens(sid)

    def _tokens(self, sid: str, **more: Any) -> Response:
        session = self.sessions[sid]
        told = {**self.people[session.subject], "sid": sid, "acr": self.asked.get("acr_values", "1"), **more}
        own = {"typ": "ID", "aud": CLIENT_ID, "azp": CLIENT_ID}
        return _json(
            {
                "id_token": self.sign(told | own | self.id_token),
                "access_token": self.access(**{**told, "nonce": None, **self.access_token}),
                "refresh_token": session.refresh_token,
                "token_type": "Bearer",
            }
        )

    def public_key(self) -> dict[str, Any]:
        kind: Any = (
            jwt.algorithms.RSAAlgorithm if isinstance(self.key, rsa.RSAPrivateKey) else jwt.algorithms.ECAlgorithm
        )
        public = kind.to_jwk(self.key.public_key(), as_dict=True)
        return {**public, "kid": self.kid, "alg": self.algorithm, "use": "sig"}


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the library's name
        return


def _json(value: Any, status: int = 200) -> Response:
    return Response(json.dumps(value), status, content_type="application/json")


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
        provider.held.set()
        server.shutdown()
        thread.join()
        server.server_close()
