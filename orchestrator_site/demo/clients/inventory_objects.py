"""What the inventory holds, as values; each is read from the JSON of NetBox's API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Site:
    """A place."""

    id: int
    name: str
    slug: str
    status: str

    path = "dcim/sites"

    @classmethod
    def read(cls, json: Json) -> Self:
        """From the API's JSON."""
        return cls(json["id"], json["name"], json["slug"], json["status"]["value"])


@dataclass(frozen=True)
class DeviceRole:
    """What a device is for."""

    id: int
    name: str
    slug: str

    path = "dcim/device-roles"

    @classmethod
    def read(cls, json: Json) -> Self:
        """From the API's JSON."""
        return cls(json["id"], json["name"], json["slug"])


@dataclass(frozen=True)
class Manufacturer:
    """Who makes a device type."""

    id: int
    name: str
    slug: str

    path = "dcim/manufacturers"

    @classmethod
    def read(cls, json: Json) -> Self:
        """From the API's JSON."""
        return cls(json["id"], json["name"], json["slug"])


@dataclass(frozen=True)
class DeviceType:
    """A model of a manufacturer."""

    id: int
    manufacturer: str
    model: str

    path = "dcim/device-types"

    @classmethod
    def read(cls, json: Json) -> Self:
        """From the API's JSON."""
        return cls(json["id"], json["manufacturer"]["name"], json["model"])

    @property
    def label(self) -> str:
        """As people call it."""
        return f"{self.manufacturer} {self.model}"


@dataclass(frozen=True)
class Device:
    """A device; `asset_tag` holds the id of the subscription that it belongs to."""

    id: int
    name: str
    type_id: int
    type_label: str
    role_id: int
    role: str
    site_id: int
    site: str
    status: str
    asset_tag: str | None
    description: str
    primary_ip4_id: int | None
    primary_ip6_id: int | None

    path = "dcim/devices"

    @classmethod
    def read(cls, json: Json) -> Self:
        """From the API's JSON."""
        device_type, role, site = json["device_type"], json["role"], json["site"]
        return cls(
            id=json["id"],
            name=json["name"],
            type_id=device_type["id"],
            type_label=f"{device_type['manufacturer']['name']} {device_type['model']}",
            role_id=role["id"],
            role=role["name"],
            site_id=site["id"],
            site=site["name"],
            status=json["status"]["value"],
            asset_tag=json["asset_tag"],
            description=json["description"],
            primary_ip4_id=_id(json["primary_ip4"]),
            primary_ip6_id=_id(json["primary_ip6"]),
        )


@dataclass(frozen=True)
class Interface:
    """An interface of a device; the speed is in kbit/s as the inventory counts, `speed_mbits` in Mbit/s."""

    id: int
    device_id: int
    device: str
    name: str
    type: str
    speed: int | None
    enabled: bool
    mode: str | None
    description: str

    path = "dcim/interfaces"

    @classmethod
    def read(cls, json: Json) -> Self:
        """From the API's JSON."""
        return cls(
            id=json["id"],
            device_id=json["device"]["id"],
            device=json["device"]["name"],
            name=json["name"],
            type=json["type"]["value"],
            speed=json["speed"],
            enabled=json["enabled"],
            mode=None if json["mode"] is None else json["mode"]["value"],
            description=json["description"],
        )

    @property
    def speed_mbits(self) -> int | None:
        """The speed as products count it."""
        return None if self.speed is None else self.speed // 1000


@dataclass(frozen=True)
class Prefix:
    """A range of addresses."""

    id: int
    prefix: str
    description: str

    path = "ipam/prefixes"

    @classmethod
    def read(cls, json: Json) -> Self:
        """From the API's JSON."""
        return cls(json["id"], json["prefix"], json["description"])


@dataclass(frozen=True)
class Address:
    """An address with its mask; `interface_id` is None while nothing has it."""

    id: int
    address: str
    interface_id: int | None
    description: str

    path = "ipam/ip-addresses"

    @classmethod
    def read(cls, json: Json) -> Self:
        """From the API's JSON."""
        return cls(json["id"], json["address"], json["assigned_object_id"], json["description"])


@dataclass(frozen=True)
class NewDevice:
    """A device to be made; `owner` is the id of the subscription it is made for."""

    name: str
    type_id: int
    role_id: int
    site_id: int
    status: str
    owner: str
    description: str = ""

    def json(self) -> dict[str, Any]:
        """As the API takes it."""
        return {
            "name": self.name,
            "device_type": self.type_id,
            "role": self.role_id,
            "site": self.site_id,
            "status": self.status,
            "asset_tag": self.owner,
            "description": self.description,
        }


@dataclass(frozen=True)
class NewInterface:
    """An interface to be made; speed in kbit/s, None for a virtual one."""

    name: str
    type: str
    speed: int | None = None
    enabled: bool = False
    description: str = ""


def _id(mention: Json | None) -> int | None:
    return None if mention is None else int(mention["id"])
