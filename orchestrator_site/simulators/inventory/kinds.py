"""The kinds of object the inventory holds: fields, natural keys, filters, how they are shown; no storage."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from orchestrator_site.simulators.inventory.fields import Field, FieldType, OnDelete

DEVICE_STATUSES = ("active", "offline", "planned", "staged", "failed", "inventory", "decommissioning")
INTERFACE_TYPES = (
    "virtual",
    "lag",
    "1000base-t",
    "1000base-x-sfp",
    "10gbase-t",
    "10gbase-x-sfpp",
    "10gbase-x-xfp",
    "40gbase-x-qsfpp",
    "100gbase-x-cfp",
    "100gbase-x-qsfp28",
    "400gbase-x-qsfpdd",
    "other",
)


@dataclass(frozen=True)
class Kind:
    """One kind of object, reachable under `/api/<path>/`.

    `unique` lists the natural keys; `related` maps a filter to (reference field, field of the object referred to);
    `brief` names what a nested mention carries beside id, url and display; `display` is a format text over the fields.
    """

    name: str
    path: str
    label: str
    fields: tuple[Field, ...]
    unique: tuple[tuple[str, ...], ...]
    display: str
    brief: tuple[str, ...] = ()
    related: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def table(self) -> str:
        """The table in the file."""
        return self.name.replace(" ", "_")

    @property
    def references(self) -> tuple[Field, ...]:
        """The fields that point at other objects."""
        return tuple(each for each in self.fields if each.type is FieldType.REFERENCE)

    def field(self, name: str) -> Field:
        """The field of that name; KeyError when there is none."""
        return self.by_name[name]

    @property
    def by_name(self) -> dict[str, Field]:
        """Fields by name."""
        return {each.name: each for each in self.fields}


def _text(name: str, *, required: bool = False, max_length: int = 200) -> Field:
    return Field(name, FieldType.TEXT, required=required, default=None if required else "", max_length=max_length)


def _slug() -> Field:
    return _text("slug", required=True, max_length=100)


def _status(*choices: str, default: str = "active") -> Field:
    return Field("status", FieldType.CHOICE, default=default, choices=choices)


def _reference(name: str, to: str, on_delete: OnDelete = OnDelete.PROTECT) -> Field:
    return Field(name, FieldType.REFERENCE, required=on_delete is not OnDelete.CLEAR, to=to, on_delete=on_delete)


SITE = Kind(
    name="site",
    path="dcim/sites",
    label="Sites",
    fields=(
        _text("name", required=True, max_length=100),
        _slug(),
        _status("planned", "staging", "active", "decommissioning", "retired"),
        _text("description"),
    ),
    unique=(("name",), ("slug",)),
    display="{name}",
    brief=("name", "slug"),
)
DEVICE_ROLE = Kind(
    name="device role",
    path="dcim/device-roles",
    label="Device roles",
    fields=(
        _text("name", required=True, max_length=100),
        _slug(),
        Field("color", FieldType.TEXT, default="9e9e9e", max_length=6),
        _text("description"),
    ),
    unique=(("name",), ("slug",)),
    display="{name}",
    brief=("name", "slug"),
)
MANUFACTURER = Kind(
    name="manufacturer",
    path="dcim/manufacturers",
    label="Manufacturers",
    fields=(_text("name", required=True, max_length=100), _slug(), _text("description")),
    unique=(("name",), ("slug",)),
    display="{name}",
    brief=("name", "slug"),
)
DEVICE_TYPE = Kind(
    name="device type",
    path="dcim/device-types",
    label="Device types",
    fields=(
        _reference("manufacturer", "manufacturer"),
        _text("model", required=True, max_length=100),
        _slug(),
        Field("u_height", FieldType.INTEGER, default=1),
        _text("description"),
    ),
    unique=(("manufacturer", "model"), ("manufacturer", "slug")),
    display="{model}",
    brief=("manufacturer", "model", "slug"),
    related={"manufacturer": ("manufacturer", "slug")},
)
DEVICE = Kind(
    name="device",
    path="dcim/devices",
    label="Devices",
    fields=(
        _text("name", required=True, max_length=64),
        _reference("device_type", "device type"),
        _reference("role", "device role"),
        _reference("site", "site"),
        _status(*DEVICE_STATUSES),
        Field("asset_tag", FieldType.TEXT, max_length=50),
        _reference("primary_ip4", "ip address", OnDelete.CLEAR),
        _reference("primary_ip6", "ip address", OnDelete.CLEAR),
        _text("description"),
    ),
    unique=(("name",), ("asset_tag",)),
    display="{name}",
    brief=("name",),
    related={"site": ("site", "slug"), "role": ("role", "slug"), "device_type": ("device_type", "slug")},
)
INTERFACE = Kind(
    name="interface",
    path="dcim/interfaces",
    label="Interfaces",
    fields=(
        _reference("device", "device", OnDelete.CASCADE),
        _text("name", required=True, max_length=64),
        Field("type", FieldType.CHOICE, required=True, choices=INTERFACE_TYPES),
        Field("enabled", FieldType.BOOLEAN, default=True),
        Field("speed", FieldType.INTEGER),  # kbit/s
        Field("mode", FieldType.CHOICE, choices=("access", "tagged", "tagged-all")),
        _text("description"),
    ),
    unique=(("device", "name"),),
    display="{name}",
    brief=("device", "name"),
    related={"device": ("device", "name")},
)
PREFIX = Kind(
    name="prefix",
    path="ipam/prefixes",
    label="Prefixes",
    fields=(
        Field("prefix", FieldType.NETWORK, required=True),
        _status("container", "active", "reserved", "deprecated"),
        Field("is_pool", FieldType.BOOLEAN, default=False),
        _text("description"),
    ),
    unique=(("prefix",),),
    display="{prefix}",
    brief=("prefix",),
)
IP_ADDRESS = Kind(
    name="ip address",
    path="ipam/ip-addresses",
    label="IP addresses",
    fields=(
        Field("address", FieldType.ADDRESS, required=True),
        _status("active", "reserved", "deprecated", "dhcp", "slaac"),
        Field("role", FieldType.CHOICE, choices=("loopback", "secondary", "anycast", "vip")),
        Field("assigned_object_type", FieldType.CHOICE, choices=("dcim.interface",)),
        Field(
            "assigned_object_id", FieldType.REFERENCE, to="interface", on_delete=OnDelete.CASCADE
        ),  # goes with its interface
        _text("dns_name"),
        _text("description"),
    ),
    unique=(("address",),),
    display="{address}",
    brief=("address",),
    related={"device_id": ("assigned_object_id", "device")},
)

KINDS = (DEVICE, INTERFACE, IP_ADDRESS, PREFIX, SITE, DEVICE_ROLE, DEVICE_TYPE, MANUFACTURER)  # as pages show them
BY_NAME = {kind.name: kind for kind in KINDS}


def dependents(kind: Kind, on_delete: OnDelete) -> tuple[tuple[Kind, Field], ...]:
    """The kinds and fields that refer to `kind` with this rule of deletion."""
    return tuple(
        (other, reference)
        for other in KINDS
        for reference in other.references
        if reference.to == kind.name and reference.on_delete is on_delete
    )
