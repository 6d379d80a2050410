"""A realm for the identity suite: the stand-in, or the real Keycloak that `./run with keycloak` has started.

Both make people, give and take roles, end sessions and tell the site so; the suite does not know which one it has.
"""

import re
import secrets
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any, Protocol

import httpx2

from tests.fakes import identity_provider
from tests.fakes.identity_provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider

Browser = httpx2.Client


def browser() -> Browser:
    """A browser of one person: keeps cookies, also those for https alone, and follows nothing by itself."""
    jar = CookieJar(DefaultCookiePolicy(secure_protocols=("http", "https")))
    return httpx2.Client(cookies=jar, trust_env=False, verify=False, timeout=30)


class Realm(Protocol):
    """What the suite asks of an identity provider."""

    issuer: str
    client_secret: str

    def know(self, site: str) -> None:
        """Learn where the site is."""

    def person(self, *roles: str) -> str:
        """Make somebody new with these roles; the name."""

    def sign_in(self, visitor: Browser, address: str, name: str) -> str:
        """Sign in at the address that the site sent the browser to; the address back."""

    def token(self, name: str) -> str:
        """An access token of somebody, by a program that may call the site."""

    def robot_token(self) -> str:
        """An access token of a program's own account, an operator."""

    def wrong_tokens(self, name: str) -> dict[str, str]:
        """Real tokens of the provider that are none to call this site with, by their kind."""

    def set_roles(self, name: str, *roles: str) -> None: ...

    def rename(self, name: str, *, first_name: str, email: str) -> None: ...

    def disable(self, name: str) -> None: ...

    def sign_out_everywhere(self, name: str) -> None:
        """End the sessions of somebody, and tell the site by the back channel."""


class StandIn:
    """The provider of our own."""

    client_secret = CLIENT_SECRET

    def __init__(self, provider: IdentityProvider) -> None:
        self._provider, self._site = provider, ""
        self._people: dict[str, dict[str, Any]] = {}
        self._one_signs_in = threading.Lock()
        self.issuer = provider.issuer

    def know(self, site: str) -> None:
        self._site = site

    def person(self, *roles: str) -> str:
        name = f"p{secrets.token_hex(4)}"
        claims = {"sub": f"id-of-{name}", "preferred_username": name}
        self._people[name] = self._provider.people[claims["sub"]] = claims
        self.set_roles(name, *roles)
        return name

    def sign_in(self, visitor: Browser, address: str, name: str) -> str:
        with self._one_signs_in:
            self._provider.person = self._people[name]
            return visitor.get(address).headers["Location"]

    def token(self, name: str) -> str:
        return self._provider.access(**{**dict.fromkeys(self._provider.person), **self._people[name]}, azp=CLIENT_ID)

    def robot_token(self) -> str:
        own = {"sub": "robot-id", "preferred_username": "service-account-robot", "azp": "robot", "aud": CLIENT_ID}
        return self._provider.access(**own, realm_access={"roles": ["operator"]})

    def wrong_tokens(self, name: str) -> dict[str, str]:
        own = {**dict.fromkeys(self._provider.person), **self._people[name]}
        return {
            "id": self._provider.sign({**own, "typ": "ID", "aud": CLIENT_ID, "azp": CLIENT_ID}),
            "refresh": self._provider.sign({**own, "typ": "Refresh", "aud": self.issuer}),
            "stranger": self._provider.access(**own, azp="stranger"),
        }

    def set_roles(self, name: str, *roles: str) -> None:
        self._tell(name, realm_access={"roles": list(roles)})

    def rename(self, name: str, *, first_name: str, email: str) -> None:
        self._tell(name, given_name=first_name, email=email)

    def _tell(self, name: str, **claims: Any) -> None:
        told = {**self._people[name], **claims}
        self._people[name] = self._provider.people[told["sub"]] = told

    def disable(self, name: str) -> None:
        self._provider.disabled.add(self._people[name]["sub"])

    def sign_out_everywhere(self, name: str) -> None:
        subject = self._people[name]["sub"]
        self._provider.end_sessions(subject)
        token = self._provider.logout_token(sub=subject)
        httpx2.post(
            f"{self._site}/sign-in/backchannel-logout/", data={"logout_token": token}, trust_env=False, verify=False
        )


class Keycloak:
    """A real one, driven by its administration API and its own sign-in page."""

    def __init__(self, http: httpx2.Client, address: str, administrator: str, client_secret: str) -> None:
        self._http, self._address, self.client_secret = http, address, client_secret
        self.issuer = f"{address}/realms/network"
        name, _, password = administrator.partition(":")
        form = {"grant_type": "password", "client_id": "admin-cli", "username": name, "password": password}
        token = self._http.post(f"{address}/realms/master/protocol/openid-connect/token", data=form).json()
        self._http.headers["Authorization"] = f"Bearer {token['access_token']}"

    def _ask(self, method: str, path: str, value: Any = None) -> Any:
        answer = self._http.request(method, f"{self._address}/admin/realms/network/{path}", json=value)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def know(self, site: str) -> None:
        client = self._ask("GET", "clients?clientId=orchestrator")[0]
        client["redirectUris"] = [f"{site}/sign-in/callback/"]
        client["attributes"] |= {
            "post.logout.redirect.uris": f"{site}/sign-in/",
            "backchannel.logout.url": f"{site}/sign-in/backchannel-logout/",
        }
        self._ask("PUT", f"clients/{client['id']}", client)

    def person(self, *roles: str) -> str:
        name = f"p{secrets.token_hex(4)}"
        password = {"type": "password", "value": name}
        told = {"username": name, "enabled": True, "email": f"{name}@example.org", "credentials": [password]}
        self._ask("POST", "users", told | {"firstName": name, "lastName": name, "emailVerified": True})
        self.set_roles(name, *roles)
        return name

    def _user(self, name: str) -> dict[str, Any]:
        user: dict[str, Any] = self._ask("GET", f"users?exact=true&username={name}")[0]
        return user

    def set_roles(self, name: str, *roles: str) -> None:
        path = f"users/{self._user(name)['id']}/role-mappings/realm"
        self._ask("DELETE", path, self._ask("GET", path))
        self._ask("POST", path, [self._ask("GET", f"roles/{role}") for role in roles])

    def rename(self, name: str, *, first_name: str, email: str) -> None:
        user = self._user(name)
        self._ask("PUT", f"users/{user['id']}", user | {"firstName": first_name, "email": email})

    def disable(self, name: str) -> None:
        user = self._user(name)
        self._ask("PUT", f"users/{user['id']}", user | {"enabled": False})

    def sign_out_everywhere(self, name: str) -> None:
        self._ask("POST", f"users/{self._user(name)['id']}/logout")

    def sign_in(self, visitor: Browser, address: str, name: str) -> str:
        page = visitor.get(address)
        if page.status_code == httpx2.codes.FOUND:
            return page.headers["Location"]
        form = re.search(r'action="([^"]+)"', page.text)
        assert form, page.text
        sent = visitor.post(unescape(form[1]), data={"username": name, "password": name})
        return sent.headers["Location"]

    def token(self, name: str) -> str:
        return self._token(grant_type="password", client_id="tool", username=name, password=name)

    def robot_token(self) -> str:
        return self._token(grant_type="client_credentials", client_id="robot", client_secret="robot")

    def wrong_tokens(self, name: str) -> dict[str, str]:
        own = {"grant_type": "password", "client_id": "tool", "username": name, "password": name, "scope": "openid"}
        given = self._tokens(**own)
        stranger = self._token(grant_type="client_credentials", client_id="stranger", client_secret="stranger")
        return {"id": given["id_token"], "refresh": given["refresh_token"], "stranger": stranger}

    def _token(self, **form: str) -> str:
        return str(self._tokens(**form)["access_token"])

    def _tokens(self, **form: str) -> dict[str, Any]:
        address = f"{self.issuer}/protocol/openid-connect/token"
        given: dict[str, Any] = httpx2.post(address, data=form, trust_env=False, verify=False).raise_for_status().json()
        return given


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """The stand-in, until the end of the block."""
    with identity_provider.running() as provider:
        yield StandIn(provider)


def query_of(address: str) -> dict[str, str]:
    """The query of an address."""
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))
