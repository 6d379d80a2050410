"""Create, change, list and delete inventory objects by NetBox's rules; HTTP is in `app`."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

from orchestrator_site.simulators.inventory.addresses import Interface, free_addresses
from orchestrator_site.simulators.inventory.fields import Field, FieldType
from orchestrator_site.simulators.inventory.kinds import BY_NAME, DEVICE, INTERFACE, IP_ADDRESS, Kind
from orchestrator_site.simulators.inventory.store import LONGEST_LIST, Row, Transaction, Where

Errors = dict[str, list[str]]
WHOLE_OBJECT = "non_field_errors"
DEFAULT_LIMIT = 50
PRIMARY = (("primary_ip4", 4), ("primary_ip6", 6))


class Invalid(ValueError):
    """What was sent breaks a rule; `errors` maps each field to its messages."""

    def __init__(self, errors: Errors) -> None:
        super().__init__(str(errors))
        self.errors = errors


class NoneFree(Exception):
    """The prefix has not as many free addresses as were asked for."""

    def __init__(self, wanted: int, free: int) -> None:
        super().__init__(f"An insufficient number of IP addresses are available, {wanted} requested, {free} available")


@dataclass(frozen=True)
class Window:
    """The part of a list to show."""

    limit: int = DEFAULT_LIMIT
    offset: int = 0


def create(transaction: Transaction, kind: Kind, sent: Any) -> Row:
    """Stores a new object; raises Invalid."""
    values = _parsed(kind, _mapping(sent))
    missing: Errors = {
        each.name: ["This field is required."] for each in kind.fields if each.required and each.column not in values
    }
    if missing:
        raise Invalid(missing)
    complete = {each.column: each.default for each in kind.fields} | values
    _check(transaction, kind, complete, pk=None)
    return transaction.insert(kind, complete)


def change(transaction: Transaction, kind: Kind, row: Row, sent: Any) -> Row:
    """Changes the fields that were sent; raises Invalid."""
    values = _parsed(kind, _mapping(sent))
    _check(transaction, kind, row | values, pk=row["id"])
    return transaction.update(kind, row["id"], values)


def listed(transaction: Transaction, kind: Kind, query: Mapping[str, Sequence[str]]) -> tuple[int, list[Row], Window]:
    """How many objects match, the ones in the window, and the window; raises Invalid for an unknown filter."""
    window = _window(query)
    where = _where(kind, query)
    return (
        transaction.count(kind, where),
        transaction.select(kind, where, limit=window.limit, offset=window.offset),
        window,
    )


def available(transaction: Transaction, prefix: Row, *, limit: int) -> list[Interface]:
    """The first free addresses of a prefix."""
    network = ip_network(prefix["prefix"])
    return free_addresses(network, transaction.used_addresses(network), is_pool=bool(prefix["is_pool"]), limit=limit)


def take_available(transaction: Transaction, prefix: Row, sent: Any) -> list[Row]:
    """Stores the next free addresses, one for each object sent; raises NoneFree, Invalid."""
    wishes = sent if isinstance(sent, list) else [sent]
    free = available(transaction, prefix, limit=len(wishes))
    if not wishes or len(free) < len(wishes):
        raise NoneFree(len(wishes), len(free))
    return [
        create(transaction, IP_ADDRESS, {**_mapping(wish), "address": str(address)})
        for wish, address in zip(wishes, free, strict=True)
    ]


def _mapping(sent: Any) -> Mapping[str, Any]:
    if not isinstance(sent, dict):
        raise Invalid({WHOLE_OBJECT: [f"Invalid data. Expected a dictionary, but got {type(sent).__name__}."]})
    return sent


def _parsed(kind: Kind, sent: Mapping[str, Any]) -> dict[str, Any]:
    errors: Errors = {}
    values: dict[str, Any] = {}
    for name, value in sent.items():
        field = kind.by_name.get(name)
        if field is None:
            errors[name] = ["Unknown field."]
            continue
        try:
            values[field.column] = field.parse(value)
        except ValueError as error:
            errors[name] = [str(error)]
    if errors:
        raise Invalid(errors)
    return values


def _check(transaction: Transaction, kind: Kind, values: Row, *, pk: int | None) -> None:
    for errors in (
        dict(_broken_references(transaction, kind, values)),
        dict(_taken_keys(transaction, kind, values, pk)),
        dict(_foreign_addresses(transaction, kind, values, pk)),
    ):
        if errors:
            raise Invalid(errors)


def _broken_references(transaction: Transaction, kind: Kind, values: Row) -> Iterator[tuple[str, list[str]]]:
    for field in kind.references:
        target = values[field.column]
        if target is not None and transaction.get(BY_NAME[field.to], target) is None:
            yield field.name, [f"Related object not found using the provided numeric ID: {target}"]


def _taken_keys(transaction: Transaction, kind: Kind, values: Row, pk: int | None) -> Iterator[tuple[str, list[str]]]:
    for names in kind.unique:
        columns = [kind.field(name).column for name in names]
        if any(values[column] is None for column in columns):
            continue
        where = Where()
        for column in columns:
            where.equals(column, [values[column]])
        where.also("id IS NOT ?", pk)
        if transaction.count(kind, where):
            yield _taken_message(kind, names)


def _taken_message(kind: Kind, names: tuple[str, ...]) -> tuple[str, list[str]]:
    if len(names) == 1:
        return names[0], [f"{kind.name} with this {names[0].replace('_', ' ')} already exists."]
    return WHOLE_OBJECT, [f"The fields {', '.join(names)} must make a unique set."]


def _foreign_addresses(
    transaction: Transaction, kind: Kind, values: Row, pk: int | None
) -> Iterator[tuple[str, list[str]]]:
    if kind is not DEVICE:
        return
    for name, family in PRIMARY:
        address_id = values[kind.field(name).column]
        if address_id is not None and not _belongs(transaction, address_id, device_id=pk, family=family):
            yield name, ["The specified IP address is not assigned to this device."]


def _belongs(transaction: Transaction, address_id: int, *, device_id: int | None, family: int) -> bool:
    where = Where()
    where.equals("id", [address_id])
    where.also("ip_family(address) = ?", family)
    where.also(f"assigned_object_id IN (SELECT id FROM {INTERFACE.table} WHERE device_id IS ?)", device_id)  # noqa: S608
    return device_id is not None and transaction.count(IP_ADDRESS, where) == 1


def _window(query: Mapping[str, Sequence[str]]) -> Window:
    limit = _whole_number(query, "limit", DEFAULT_LIMIT)
    return Window(limit=limit if 0 < limit <= LONGEST_LIST else LONGEST_LIST, offset=_whole_number(query, "offset", 0))


def _whole_number(query: Mapping[str, Sequence[str]], name: str, default: int) -> int:
    texts = query.get(name)
    if not texts:
        return default
    try:
        return int(Field(name, FieldType.INTEGER).parse_filter(texts[-1]))
    except (TypeError, ValueError) as error:
        raise Invalid({name: ["Enter a whole number."]}) from error


def _where(kind: Kind, query: Mapping[str, Sequence[str]]) -> Where:
    where = Where()
    errors: Errors = {}
    for name, texts in query.items():
        if name in {"limit", "offset"}:
            continue
        try:
            _narrow(where, kind, name, texts)
        except ValueError as error:
            errors[name] = [str(error)]
    if errors:
        raise Invalid(errors)
    return where


def _narrow(where: Where, kind: Kind, name: str, texts: Sequence[str]) -> None:
    columns = {each.column: each for each in kind.fields} | {"id": Field("id", FieldType.INTEGER)}
    if kind is IP_ADDRESS and name in ADDRESS_FILTERS:
        where.also(" OR ".join(ADDRESS_FILTERS[name] for _ in texts), *(_address_filter(name, text) for text in texts))
        return
    if name in kind.related:
        _narrow_by_related(where, kind, kind.related[name], texts)
        return
    if name not in columns:
        raise ValueError("Unknown filter field.")
    where.equals(name, [columns[name].parse_filter(text) for text in texts])


def _narrow_by_related(where: Where, kind: Kind, path: tuple[str, str], texts: Sequence[str]) -> None:
    field, far = kind.field(path[0]), BY_NAME[kind.field(path[0]).to].field(path[1])
    marks = ", ".join("?" for _ in texts)
    where.also(
        f"{field.column} IN (SELECT id FROM {BY_NAME[field.to].table} WHERE {far.column} IN ({marks}))",  # noqa: S608
        *(far.parse_filter(text) for text in texts),
    )


ADDRESS_FILTERS = {
    "family": "ip_family(address) = ?",
    "parent": "ip_within(address, ?)",
    "interface_id": "assigned_object_id = ?",
}


def _address_filter(name: str, text: str) -> Any:
    if name == "parent":
        return Field(name, FieldType.NETWORK).parse(text)
    return Field(name, FieldType.INTEGER).parse_filter(text)
