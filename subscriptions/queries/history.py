"""What happened to a subscription: its versions, each with what it changed."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery

from processes.engine.values.errors import UnknownObject
from products.queries import schema_of
from products.schema import FieldSchema, ProductSchema, ScalarKind
from subscriptions.models import SubscriptionVersion
from subscriptions.queries.unseen import unseen
from subscriptions.tree import Change, differences

_HEADER = ("description", "status", "customer_id", "note", "start_date", "end_date", "product_version")
_MOMENTS = frozenset({"start_date", "end_date"})
_IDENTITY = ("name", "subscription_instance_id")
Number = tuple[UUID, int]
"""A version by the id of its subscription and its number."""


class UnknownVersion(UnknownObject):
    """A subscription has no version of this number."""

    def __init__(self, subscription_id: UUID, number: int) -> None:
        self.subscription_id, self.number = subscription_id, number
        super().__init__(f"Subscription {subscription_id} has no version {number}.")


class Moment(str):
    """A text that the model knows for a moment; any other text that looks like one stays as it was typed."""

    __slots__ = ()


@dataclass(frozen=True)
class Reference:
    """A block of another subscription, as a value that may change: its kind, its id, and who owns it."""

    block: str
    instance_id: str
    owner_id: str

    @property
    def is_hidden(self) -> bool:
        """Whether no more may be told than that there is one."""
        return not self.owner_id


HIDDEN = Reference("", "", "")


@dataclass(frozen=True)
class Labelled:
    """A value that people know under a label."""

    value: Any
    label: str


@dataclass(frozen=True)
class VersionRow:
    """One change: who, when, where, and each place that differs from the version before; of the first, none.

    `description` is what the subscription was called then. Before and after are JSON, a `Reference` or `Labelled`; a
    reference to what whoever looks may not see is `HIDDEN`. `before` is the number of the version that it is compared
    with: those in between may have been removed.
    """

    number: int
    at: datetime
    by: str
    process_id: UUID | None
    step_path: str
    description: str
    changes: tuple[Change, ...]
    before: int = 0


def history(subscription_id: UUID, *, most: int = 20) -> list[VersionRow]:
    """The latest versions, newest first, each compared with the one before, in one query."""
    versions = list(_versions().filter(subscription=subscription_id).order_by("-number")[: most + 1])
    pairs = zip(versions, [*versions[1:], None], strict=False)  # a subscription may have none yet
    rows = [_row(version, before) for version, before in pairs if before or version.number == 1][:most]
    return [replace(row, changes=told) for row, told in zip(rows, _told([row.changes for row in rows]), strict=True)]


def changes_since(subscription_id: UUID, number: int, *, most: int = 20) -> list[VersionRow]:
    """The latest versions after this one that changed a value, newest first; the flag in-sync is none."""
    rows = (row for row in history(subscription_id, most=most) if row.number > number)
    with_values = (replace(row, changes=tuple(filter(_is_of_value, row.changes))) for row in rows)
    return [row for row in with_values if row.changes]


def changed_values(subscription_id: UUID, before: int, after: int) -> tuple[Change, ...]:
    """What differs between two versions, but for the flag in-sync. Raises `UnknownVersion`."""
    return tuple(filter(_is_of_value, compare(subscription_id, before, after)))


def _is_of_value(change: Change) -> bool:
    return change.path != "insync"


def version_list(subscription_id: UUID) -> QuerySet[SubscriptionVersion]:
    """Every version without what is in it, the newest first."""
    return SubscriptionVersion.objects.filter(subscription=subscription_id).defer("header", "tree").order_by("-number")


def version_rows(versions: QuerySet[SubscriptionVersion], keys: Collection[int]) -> list[dict[str, Any]]:
    """Those of the versions with these keys, in the words of REST, without what is in them, in one query."""
    rows = versions.filter(pk__in=keys).values_list("number", "at", "by", "process_id", "step_path")
    return [
        {"version": number, "at": at, "by": by, "process_id": process_id, "step_path": step_path or None}
        for number, at, by, process_id, step_path in rows
    ]


def change_row(change: Change) -> dict[str, Any]:
    """A change in the words of REST."""
    before, after = _plain(change.before), _plain(change.after)
    return {"path": change.path, "kind": change.kind, "before": before, "after": after}


def compare(subscription_id: UUID, before: int, after: int) -> tuple[Change, ...]:
    """What differs between two versions, in one query. Raises `UnknownVersion`."""
    versions = _versions().filter(subscription=subscription_id, number__in=[before, after])
    found = {one.number: one for one in versions}
    for number in (before, after):
        if number not in found:
            raise UnknownVersion(subscription_id, number)
    (told,) = _told([_changes(found[before], found[after])])
    return told


def changed_by(process_id: UUID, wanted: Collection[Number]) -> dict[tuple[UUID, int], VersionRow]:
    """Those of the wanted versions that this process made, with what each changed, in one query."""
    if not wanted:
        return {}
    numbers = {one for _, number in wanted for one in (number - 1, number)}
    versions = _versions().filter(subscription__in={one for one, _ in wanted}, number__in=numbers)
    found = {(one.subscription_id, one.number): one for one in versions}
    made = {key: found[key] for key in wanted if key in found and found[key].process_id == process_id}
    hidden = unseen(one for one, _ in made)
    shown = {key: version for key, version in made.items() if key[0] not in hidden}
    rows = [_row(version, found.get((key[0], key[1] - 1))) for key, version in shown.items()]
    told = _told([row.changes for row in rows])
    return {key: replace(row, changes=changes) for key, row, changes in zip(shown, rows, told, strict=True)}


def _told(found: Sequence[tuple[Change, ...]]) -> list[tuple[Change, ...]]:
    """The same changes without the references that whoever looks may not see; one query for who is limited."""
    values = [value for changes in found for change in changes for value in (change.before, change.after)]
    hidden = {str(one) for one in unseen(UUID(reference.owner_id) for reference in _references(values))}
    if not hidden:
        return list(found)
    return [
        tuple(Change(one.path, _covered(one.before, hidden), _covered(one.after, hidden)) for one in changes)
        for changes in found
    ]


def _references(value: Any) -> Iterator[Reference]:
    match value:
        case Reference():
            yield value
        case Mapping():
            yield from _references(list(value.values()))
        case list():
            for item in value:
                yield from _references(item)


def _covered(value: Any, hidden: Collection[str]) -> Any:
    match value:
        case Reference(owner_id=owner) if owner in hidden:
            return HIDDEN
        case Mapping():
            return {key: _covered(item, hidden) for key, item in value.items()}
        case list():
            return [_covered(item, hidden) for item in value]
        case _:
            return value


def _versions() -> QuerySet[SubscriptionVersion]:
    """Versions with `whole`, the tree at each: of one that left it alone, that of the latest before which did not; and
    with `model`, the version of the product that the subscription is valid against today.
    """
    earlier = SubscriptionVersion.objects.filter(
        subscription=OuterRef("subscription"), number__lte=OuterRef("number"), tree__isnull=False
    )
    whole = Subquery(earlier.order_by("-number").values("tree")[:1])
    return SubscriptionVersion.objects.annotate(whole=whole, model=F("subscription__product_version"))


def _row(version: SubscriptionVersion, before: SubscriptionVersion | None) -> VersionRow:
    return VersionRow(
        number=version.number,
        at=version.at,
        by=version.by,
        process_id=version.process_id,
        step_path=version.step_path,
        description=str(version.header["description"]),
        changes=_changes(before, version) if before else (),
        before=before.number if before else 0,
    )


def _changes(before: Any, after: Any) -> tuple[Change, ...]:
    """What differs between two of `_versions`, in the order of the model; the database keeps none in JSON."""
    schema = schema_of(after.model)
    old, new = (_header(one.header) for one in (before, after))
    return (*differences(old, new), *differences(_tree(before.whole, schema), _tree(after.whole, schema)))


def _header(header: Mapping[str, Any]) -> dict[str, Any]:
    """What may change besides the blocks; the in-sync flag, which old versions kept, is no value."""
    kept = {name: value for name, value in header.items() if name != "insync"}
    return {name: _moments(value) if name in _MOMENTS else value for name, value in _ordered(kept, _HEADER).items()}


def _moments(value: Any) -> Any:
    """The same with each text as a moment."""
    match value:
        case str():
            return Moment(value)
        case list():
            return [_moments(item) for item in value]
        case _:
            return value


def _plain(value: Any) -> Any:
    if isinstance(value, Labelled):
        return value.value
    if not isinstance(value, Reference):
        return value
    if value.is_hidden:
        return {"name": None, "subscription_instance_id": None, "owner_subscription_id": None, "hidden": True}
    return {
        "name": value.block,
        "subscription_instance_id": value.instance_id,
        "owner_subscription_id": value.owner_id,
    }


def _tree(tree: Mapping[str, Any] | None, schema: ProductSchema) -> dict[str, Any]:
    roots = _ordered(tree or {}, [root.name for root in schema.roots])
    return {key: _comparable(value, schema) for key, value in roots.items()}


def _comparable(value: Any, schema: ProductSchema) -> Any:
    """A value without the ids of blocks, the kind of a block under no name, and others' blocks as references."""
    match value:
        case {"name": kind, "subscription_instance_id": instance, "owner_subscription_id": owner}:
            return Reference(kind, instance, owner)
        case {"name": kind, "subscription_instance_id": _}:
            known = schema.blocks[kind].by_name if kind in schema.blocks else {}
            fields = {key: item for key, item in _ordered(value, known).items() if key not in _IDENTITY}
            return {"": kind} | {key: _item(item, known.get(key), schema) for key, item in fields.items()}
        case Mapping():
            return {key: _comparable(item, schema) for key, item in _ordered(value, ()).items()}
        case list():
            return [_comparable(item, schema) for item in value]
        case _:
            return value


def _item(value: Any, field: FieldSchema | None, schema: ProductSchema) -> Any:
    """What a field of a block holds, as `_comparable`."""
    if field is not None and field.scalar and field.scalar.kind is ScalarKind.DATETIME:
        return _moments(value)
    return _labelled(value, field.labels) if field is not None and field.labels else _comparable(value, schema)


def _labelled(value: Any, labels: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_labelled(member, labels) for member in value]
    return Labelled(value, labels[str(value)]) if str(value) in labels else value


def _ordered(value: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The same with these names first and in this order, the others after them by name."""
    known = [name for name in names if name in value]
    return {name: value[name] for name in [*known, *sorted(set(value) - set(known))]}
