"""Inventory objects as NetBox writes them: nested mentions, choices with labels, addresses of their own."""

from ipaddress import ip_interface, ip_network
from typing import Any

from orchestrator_site.simulators.inventory.fields import Field, FieldType
from orchestrator_site.simulators.inventory.kinds import BY_NAME, DEVICE, DEVICE_TYPE, IP_ADDRESS, PREFIX, Kind
from orchestrator_site.simulators.inventory.store import Row, Transaction

FAMILY_LABELS = {4: "IPv4", 6: "IPv6"}


class Writer:
    """Writes objects of one transaction; objects mentioned several times are read once.

    `root` is the address of the API without a trailing slash.
    """

    def __init__(self, transaction: Transaction, root: str) -> None:
        self._transaction = transaction
        self._root = root
        self._seen: dict[tuple[str, int], Row | None] = {}

    def whole(self, kind: Kind, row: Row) -> dict[str, Any]:
        """All fields of an object."""
        document = self._head(kind, row)
        for field in kind.fields:
            document[field.name] = self._value(field, row)
        return document | self._extra(kind, row) | {"created": row["created"], "last_updated": row["last_updated"]}

    def mention(self, kind: Kind, row: Row) -> dict[str, Any]:
        """The short form in which other objects mention this one."""
        document = self._head(kind, row)
        for name in kind.brief:
            document[name] = self._value(kind.field(name), row)
        return document | (_family(row["address"]) if kind is IP_ADDRESS else {})

    def display(self, kind: Kind, row: Row) -> str:
        """The name people know the object by."""
        return kind.display.format(**row)

    def referred(self, field: Field, row: Row) -> tuple[Kind, Row] | None:
        """The object that a reference points at."""
        pk = row[field.column]
        if pk is None:
            return None
        kind = BY_NAME[field.to]
        if (kind.name, pk) not in self._seen:
            self._seen[kind.name, pk] = self._transaction.get(kind, pk)
        target = self._seen[kind.name, pk]
        return None if target is None else (kind, target)

    def _head(self, kind: Kind, row: Row) -> dict[str, Any]:
        return {
            "id": row["id"],
            "url": f"{self._root}/{kind.path}/{row['id']}/",
            "display": self.display(kind, row),
        }

    def _value(self, field: Field, row: Row) -> Any:
        value = row[field.column]
        match field.type:
            case FieldType.REFERENCE if field.name != field.column:
                target = self.referred(field, row)
                return None if target is None else self.mention(*target)
            case FieldType.CHOICE if field.name in {"status", "type", "mode", "role"}:
                return None if value is None else {"value": value, "label": _label(value)}
            case FieldType.BOOLEAN:
                return bool(value)
            case _:
                return value

    def _extra(self, kind: Kind, row: Row) -> dict[str, Any]:
        if kind is IP_ADDRESS:
            assigned = self.referred(kind.field("assigned_object_id"), row)
            return _family(row["address"]) | {"assigned_object": None if assigned is None else self.mention(*assigned)}
        if kind is PREFIX:
            version = ip_network(row["prefix"]).version
            return {"family": {"value": version, "label": FAMILY_LABELS[version]}}
        if kind is DEVICE:
            return {
                "primary_ip": self._value(DEVICE.field("primary_ip6"), row)
                or self._value(DEVICE.field("primary_ip4"), row)
            }
        if kind is DEVICE_TYPE:
            manufacturer = self.referred(kind.field("manufacturer"), row)
            maker = "" if manufacturer is None else f"{manufacturer[1]['name']} "
            return {"full_name": f"{maker}{row['model']}"}
        return {}


def _family(address: str) -> dict[str, Any]:
    version = ip_interface(address).version
    return {"family": {"value": version, "label": FAMILY_LABELS[version]}}


def _label(value: str) -> str:
    return value.replace("-", " ").capitalize()
