"""The directory of the stand-in for Keycloak: people, their groups and roles, by its administration API."""

import re
from dataclasses import dataclass, field
from typing import Any

CLIENT_UUID = "c11e"
ALLOWED = "token-of-the-service-account"


@dataclass
class Entry:
    """Somebody in the directory."""

    username: str
    groups: list[str] = field(default_factory=list)
    realm: list[str] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    enabled: bool = True
    last_name: str = ""


@dataclass
class Directory:
    """People by their ids; whatever `broken` is found in answers 500, and `forbids` answers 403 to all.

    Before each page but the first one of those who are named in `removes` is removed.
    """

    people: dict[str, Entry] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    forbids: bool = False
    removes: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str, query: dict[str, str], authorization: str) -> tuple[Any, int]:
        """JSON and status of a request below `/admin/realms/network/`."""
        address = path.partition("/admin/realms/network/")[2]
        self.asked.append(address)
        if authorization != f"Bearer {ALLOWED}":
            return {"error": "HTTP 401 Unauthorized"}, 401
        if self.forbids:
            return {"error": "HTTP 403 Forbidden"}, 403
        if any(part in f"{address}?first={query.get('first')}" for part in self.broken):
            return {"error": "unknown_error"}, 500
        if found := re.fullmatch(r"users/([^/]+)", address):
            known = found[1] in self.people
            return (self._listed(found[1]), 200) if known else ({"error": "User not found"}, 404)
        if address == "users" and self.removes and query["first"] != "0":
            self.people.pop(self.removes.pop())
        return self._list(address, query), 200

    def _list(self, address: str, query: dict[str, str]) -> list[dict[str, Any]]:
        if address == "clients":
            return [{"id": CLIENT_UUID, "clientId": query["clientId"]}]
        if address == "users":
            first, most = int(query["first"]), int(query["max"])
            return [self._listed(subject) for subject in list(self.people)[first : first + most]]
        found = re.fullmatch(r"users/([^/]+)/(groups|role-mappings/realm/composite|role-mappings/clients/.*)", address)
        assert found, address
        entry = self.people[found[1]]
        match found[2].split("/")[:2]:
            case ["groups"]:
                return [{"name": path.rpartition("/")[2], "path": path} for path in entry.groups]
            case [_, "realm"]:
                return [{"name": name} for name in entry.realm]
            case _:
                return [{"name": name} for name in entry.own]

    def _listed(self, subject: str) -> dict[str, Any]:
        entry = self.people[subject]
        return {"id": subject, "username": entry.username, "enabled": entry.enabled, "lastName": entry.last_name}
