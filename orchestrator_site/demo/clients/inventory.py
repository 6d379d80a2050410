"""The inventory (NetBox's REST API): what workflows ask of it, in their words.

Everything that makes an object first asks for it by its natural key, so that a repeat after a crash or a lost
answer finds what the first try made.
"""

import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Generic, Protocol, Self, TypeVar
from urllib.parse import quote

import httpx2
from django.conf import settings

from orchestrator_site.demo.clients.errors import InventoryRefused, InventoryUnavailable, NotFound, Occupied
from orchestrator_site.demo.clients.inventory_objects import (
    Address,
    Device,
    DeviceRole,
    DeviceType,
    Interface,
    Json,
    Manufacturer,
    NewDevice,
    NewInterface,
    Prefix,
    Site,
)

TIME_LIMITS = httpx2.Timeout(10.0, connect=3.0)  # seconds
PAGE_SIZE = 500
TOO_MANY_REQUESTS = 429


class Readable(Protocol):
    """A value that can be read from the API's JSON."""

    path: Any

    @classmethod
    def read(cls, json: Json) -> Self:
        """From the API's JSON."""


Thing = TypeVar("Thing", bound=Readable)
There_co = TypeVar("There_co", covariant=True)


@dataclass(frozen=True)
class Ensured(Generic[There_co]):
    """An object that is there now, and whether this call made it."""

    object: There_co
    created: bool


class Inventory:
    """One connection to the inventory. Every method may raise `InventoryUnavailable` and `InventoryRefused`."""

    def __init__(self, http: httpx2.Client) -> None:
        self._http = http

    # What there is.

    def sites(self, *, status: str = "active") -> list[Site]:
        """Sites of that status."""
        return self._all(Site, status=status)

    def device_roles(self) -> list[DeviceRole]:
        """All roles."""
        return self._all(DeviceRole)

    def device_types(self, manufacturer: str) -> list[DeviceType]:
        """The models of the manufacturer with that name; none when it is unknown."""
        makers = self._all(Manufacturer, name=manufacturer)
        return [model for maker in makers for model in self._all(DeviceType, manufacturer_id=maker.id)]

    def site(self, pk: int) -> Site:
        """The site with that id; raises NotFound."""
        return self._one(Site, pk)

    def device(self, pk: int) -> Device:
        """The device with that id; raises NotFound."""
        return self._one(Device, pk)

    def find_device(self, name: str) -> Device | None:
        """The device with that name."""
        return self._find(Device, name=name)

    def interface(self, pk: int) -> Interface:
        """The interface with that id; raises NotFound."""
        return self._one(Interface, pk)

    def interfaces(self, device_id: int) -> list[Interface]:
        """All interfaces of a device, virtual ones too."""
        return self._all(Interface, device_id=device_id)

    def free_interfaces(self, device_id: int, *, speed_mbits: int) -> list[Interface]:
        """Interfaces of that speed that nobody has enabled."""
        return self._all(Interface, device_id=device_id, enabled="false", speed=speed_mbits * 1000)

    def addresses(self, *, interface_id: int) -> list[Address]:
        """The addresses an interface has."""
        return self._all(Address, interface_id=interface_id)

    # What is made; a repeat finds what is there.

    def ensure_site(self, name: str, slug: str, *, key: str) -> Ensured[Site]:
        """A site with that slug."""
        return self._ensure(Site, {"slug": slug}, {"name": name}, key=key)

    def ensure_device_role(self, name: str, slug: str, *, key: str) -> Ensured[DeviceRole]:
        """A role with that slug."""
        return self._ensure(DeviceRole, {"slug": slug}, {"name": name}, key=key)

    def ensure_manufacturer(self, name: str, slug: str, *, key: str) -> Ensured[Manufacturer]:
        """A manufacturer with that slug."""
        return self._ensure(Manufacturer, {"slug": slug}, {"name": name}, key=key)

    def ensure_device_type(self, maker: Manufacturer, model: str, slug: str, *, key: str) -> Ensured[DeviceType]:
        """A model of that manufacturer with that slug."""
        natural = {"manufacturer_id": maker.id, "slug": slug}
        return self._ensure(DeviceType, natural, {"manufacturer": maker.id, "model": model, "slug": slug}, key=key)

    def ensure_prefix(self, prefix: str, description: str, *, key: str) -> Ensured[Prefix]:
        """That prefix."""
        return self._ensure(Prefix, {"prefix": prefix}, {"description": description}, key=key)

    def ensure_device(self, new: NewDevice, *, key: str) -> Ensured[Device]:
        """A device with that name for that owner; raises Occupied when the name is another's."""
        ensured = self._ensure(Device, {"name": new.name}, new.json(), key=key)
        if ensured.object.asset_tag != new.owner:
            raise Occupied(f"a device {new.name}", ensured.object.asset_tag)
        return ensured

    def ensure_interface(self, device_id: int, new: NewInterface, *, key: str) -> Ensured[Interface]:
        """An interface of that device with that name."""
        return self._ensure(Interface, *_interface(device_id, new), key=key)

    def ensure_interfaces(
        self, device_id: int, wanted: Iterable[NewInterface], *, key: str
    ) -> list[Ensured[Interface]]:
        """Interfaces of that device with those names; asks once for all that are there."""
        there = {each.name: each for each in self.interfaces(device_id)}
        return [
            Ensured(there[new.name], created=False)
            if new.name in there
            else self._create(Interface, *_interface(device_id, new), key=key)
            for new in wanted
        ]

    def reserve_address(self, prefix: str, *, interface_id: int, description: str, key: str) -> Address:
        """The address of the interface inside the prefix: the next free one, or what a former try has taken.

        Raises NotFound for an unknown prefix, InventoryRefused (409) when it is full.
        """
        taken = self._find(Address, parent=prefix, interface_id=interface_id)
        if taken is not None:
            return taken
        pool = self._find(Prefix, prefix=prefix)
        if pool is None:
            raise NotFound(f"prefix {prefix}")
        wish = {
            "description": description,
            "assigned_object_type": "dcim.interface",
            "assigned_object_id": interface_id,
        }
        json = self._call("POST", f"{Prefix.path}/{pool.id}/available-ips", body=wish, key=_header(key, prefix))
        return self._read(Address, json)

    # What is changed and removed.

    def update_device(self, pk: int, *, key: str, **fields: Any) -> Device:
        """Sets fields of a device, by the API's names; raises NotFound."""
        return self._update(Device, pk, fields, key=key)

    def update_interface(self, pk: int, *, key: str, **fields: Any) -> Interface:
        """Sets fields of an interface, by the API's names; raises NotFound."""
        return self._update(Interface, pk, fields, key=key)

    def delete_device(self, pk: int) -> bool:
        """Removes a device with its interfaces and addresses; False when it was gone already."""
        return self._delete(Device, pk)

    def delete_interface(self, pk: int) -> bool:
        """Removes an interface with its addresses; False when it was gone already."""
        return self._delete(Interface, pk)

    # How it is said.

    def _all(self, kind: type[Thing], **query: Any) -> list[Thing]:
        found: list[Thing] = []
        while True:
            page = self._call("GET", kind.path, query={**query, "limit": PAGE_SIZE, "offset": len(found)})
            found += [self._read(kind, json) for json in page["results"]]
            if page["next"] is None or not page["results"]:
                return found

    def _find(self, kind: type[Thing], **query: Any) -> Thing | None:
        return next(iter(self._all(kind, **query)), None)

    def _one(self, kind: type[Thing], pk: int) -> Thing:
        return self._read(kind, self._call("GET", f"{kind.path}/{pk}"))

    def _ensure(
        self, kind: type[Thing], natural: Mapping[str, Any], fields: Mapping[str, Any], *, key: str
    ) -> Ensured[Thing]:
        found = self._find(kind, **natural)
        if found is not None:
            return Ensured(found, created=False)
        return self._create(kind, natural, fields, key=key)

    def _create(
        self, kind: type[Thing], natural: Mapping[str, Any], fields: Mapping[str, Any], *, key: str
    ) -> Ensured[Thing]:
        body = {name: value for name, value in {**natural, **fields}.items() if not name.endswith("_id")}
        try:
            json = self._call("POST", kind.path, body=body, key=_header(key, *natural.values()))
        except InventoryRefused:
            found = self._find(kind, **natural)  # somebody was quicker
            if found is None:
                raise
            return Ensured(found, created=False)
        return Ensured(self._read(kind, json), created=True)

    def _update(self, kind: type[Thing], pk: int, fields: Mapping[str, Any], *, key: str) -> Thing:
        json = self._call("PATCH", f"{kind.path}/{pk}", body=fields, key=_header(key, pk))
        return self._read(kind, json)

    def _delete(self, kind: type[Readable], pk: int) -> bool:
        try:
            self._call("DELETE", f"{kind.path}/{pk}")
        except NotFound:
            return False
        return True

    def _read(self, kind: type[Thing], json: Any) -> Thing:
        return _understood(kind.path, lambda: kind.read(json))

    def _call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        key: str = "",
    ) -> Any:
        call = f"{method} {path}"
        headers = {"Idempotency-Key": key} if key else {}
        try:
            answer = self._http.request(method, f"/api/{path}/", params=query, json=body, headers=headers)
        except httpx2.TransportError as error:
            raise InventoryUnavailable(call, f"{type(error).__name__} {error}".strip()) from error
        _check(call, answer)
        return _understood(call, answer.json) if answer.content else None


@contextmanager
def connect() -> Iterator[Inventory]:
    """The inventory of this site (settings INVENTORY_URL and INVENTORY_TOKEN)."""
    with connect_to(settings.INVENTORY_URL, settings.INVENTORY_TOKEN) as inventory:
        yield inventory


@contextmanager
def connect_to(url: str, token: str = "", *, limits: httpx2.Timeout = TIME_LIMITS) -> Iterator[Inventory]:
    """An inventory at an address; no proxy of the environment stands between."""
    headers = {"Authorization": f"Token {token}"} if token else {}
    with httpx2.Client(base_url=url, headers=headers, timeout=limits, verify=_tls(), trust_env=False) as http:
        yield Inventory(http)


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()  # reading the certificates takes 25 ms, so once a process


def _check(call: str, answer: httpx2.Response) -> None:
    if answer.is_success:
        return
    if answer.status_code == httpx2.codes.NOT_FOUND:
        raise NotFound(call.partition(" ")[2])
    body = _body(answer)
    if answer.is_server_error or answer.status_code == TOO_MANY_REQUESTS:
        raise InventoryUnavailable(call, f"{answer.status_code} {body}")
    raise InventoryRefused(call, answer.status_code, body)


def _body(answer: httpx2.Response) -> Any:
    try:
        body = answer.json()
    except ValueError:
        return answer.text[:500]
    return body["detail"] if isinstance(body, dict) and set(body) == {"detail"} else body


Result = TypeVar("Result")


def _understood(call: str, read: Callable[[], Result]) -> Result:
    try:
        return read()
    except (KeyError, TypeError, ValueError) as error:
        raise InventoryUnavailable(call, f"its answer is not NetBox's: {error!r}", retryable=False) from error


def _interface(device_id: int, new: NewInterface) -> tuple[dict[str, Any], dict[str, Any]]:
    return {"device_id": device_id, "name": new.name}, {"device": device_id, **asdict(new)}


def _header(key: str, *parts: Any) -> str:
    """One key for each object that a step makes; headers are ASCII."""
    return quote("/".join([key, *map(str, parts)]), safe="/:.-_")
