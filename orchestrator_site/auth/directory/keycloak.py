"""Read Keycloak's directory by its administration API, as our own client's service account.

That account needs the roles view-users, query-users, query-groups and view-clients of the client realm-management.
"""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import requests
from django.conf import settings

from orchestrator_site.auth.provider import calls, grants
from orchestrator_site.auth.provider.configuration import Provider
from orchestrator_site.auth.provider.errors import GrantRefused, ProviderSilent

logger = logging.getLogger(__name__)
PAGE = 100
AT_ONCE = 8
MOST_PAGES = 10_000
GIVE_UP_AFTER = 3
"""Pages in a row that could not be read."""


class NotAllowed(Exception):
    """The directory does not let this site read it; the message says what is missing."""


@dataclass(frozen=True)
class Person:
    """Somebody of the directory, with the claims that a token of theirs would have."""

    claims: dict[str, Any]
    enabled: bool


@dataclass(frozen=True)
class Missed:
    """Somebody, or a page of people, whom the directory did not tell."""

    what: str
    subject: str = ""


class Directory:
    """The people of a realm."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._base = settings.OIDC_DIRECTORY_URL or provider.issuer.replace("/realms/", "/admin/realms/")
        self._token = ""

    def people(self) -> Iterator[Person | Missed]:
        """Everybody, page by page; raises `NotAllowed`, or `ProviderSilent` when nothing at all can be read."""
        client = self._client()
        failures = 0
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for number in range(MOST_PAGES):
                try:
                    page = self._list("users", first=number * PAGE, max=PAGE, briefRepresentation="true")
                except ProviderSilent:
                    yield Missed(f"page {number + 1}")
                    failures += 1
                    if failures == GIVE_UP_AFTER:
                        return
                    continue
                failures = 0
                yield from pool.map(lambda listed: self._person(listed, client), page)
                if len(page) < PAGE:
                    return

    def has(self, subject: str) -> bool:
        """Whether there is somebody of that id; raises `NotAllowed` or `ProviderSilent`.

        Pages are counted from the first person on: who follows somebody removed between two pages is on neither.
        """
        reply = self._read(f"users/{quote(subject, safe='')}")
        if reply.status not in {requests.codes.ok, requests.codes.not_found}:
            raise ProviderSilent
        return bool(reply.status == requests.codes.ok)

    def _client(self) -> str:
        """The id of our own client, whose roles count."""
        found = self._list("clients", clientId=self._provider.client_id)
        if not found:
            raise NotAllowed("The service account may not see its client: give it the role view-clients.")
        return str(found[0]["id"])

    def _person(self, listed: dict[str, Any], client: str) -> Person | Missed:
        subject = str(listed.get("id") or "")
        try:
            groups = self._list(f"users/{subject}/groups", max=1000, briefRepresentation="true")
            realm = self._list(f"users/{subject}/role-mappings/realm/composite")
            own = self._list(f"users/{subject}/role-mappings/clients/{client}/composite")
        except ProviderSilent:
            return Missed(str(listed.get("username") or subject), subject)
        claims = {
            "sub": subject,
            "preferred_username": str(listed.get("username") or ""),
            "given_name": str(listed.get("firstName") or ""),
            "family_name": str(listed.get("lastName") or ""),
            "email": str(listed.get("email") or ""),
            "groups": _texts(groups, "path"),
            "realm_access": {"roles": _texts(realm, "name")},
            "resource_access": {self._provider.client_id: {"roles": _texts(own, "name")}},
        }
        return Person(claims, bool(listed.get("enabled", True)))

    def _list(self, path: str, **query: Any) -> list[dict[str, Any]]:
        reply = self._read(path, **query)
        if reply.status != requests.codes.ok or not isinstance(reply.value, list):
            logger.warning("The directory answers %s to %s", reply.status, path)
            raise ProviderSilent
        return [item for item in reply.value if isinstance(item, dict)]

    def _read(self, path: str, **query: Any) -> calls.Reply:
        reply = calls.get(f"{self._base}/{path}", bearer=self._token or self._sign_in(), query=query)
        if reply.status == requests.codes.unauthorized:
            reply = calls.get(f"{self._base}/{path}", bearer=self._sign_in(), query=query)
        if reply.status == requests.codes.forbidden:
            raise NotAllowed("The service account may not read the directory: give it view-users and query-groups.")
        return reply

    def _sign_in(self) -> str:
        try:
            self._token = grants.own(self._provider).access_token
        except GrantRefused as error:
            raise NotAllowed("The client has no service account: switch it on at the provider.") from error
        return self._token


def _texts(items: list[dict[str, Any]], name: str) -> list[str]:
    return [str(item[name]) for item in items if item.get(name)]
