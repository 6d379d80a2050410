"""What happened to a subscription: its versions, each with what it changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from subscriptions.models import SubscriptionVersion
from subscriptions.tree import Change, differences

_IDENTITY = ("subscription_instance_id", "name")
"""Keys that tell which block it is, and never change by themselves."""


@dataclass(frozen=True)
class VersionRow:
    """One change: who, when, where, and each place that differs from the version before; of the first, none."""

    number: int
    at: datetime
    by: str
    process_id: UUID | None
    step_path: str
    changes: tuple[Change, ...]


def history(subscription_id: UUID, *, most: int = 20) -> list[VersionRow]:
    """The latest versions, newest first, each compared with the one before; at most three queries."""
    versions = SubscriptionVersion.objects.filter(subscription=subscription_id).order_by("-number")
    found = list(versions[: most + 1])[::-1]
    trees = _filled(found)
    rows = [_row(found[place], found[place - 1], trees) for place in range(1, len(found))]
    if found and found[0].number == 1:
        rows.insert(0, _row(found[0], None, trees))
    return rows[::-1][:most]


def compare(subscription_id: UUID, before: int, after: int) -> tuple[Change, ...]:
    """What differs between two versions. Raises `SubscriptionVersion.DoesNotExist`."""
    versions = SubscriptionVersion.objects.filter(subscription=subscription_id)
    old, new = versions.get(number=before), versions.get(number=after)
    return _changes(old, new, {one.number: _tree_at(one) for one in (old, new)})


def _row(version: SubscriptionVersion, before: SubscriptionVersion | None, trees: Mapping[int, Any]) -> VersionRow:
    changes = _changes(before, version, trees) if before else ()
    return VersionRow(version.number, version.at, version.by, version.process_id, version.step_path, changes)


def _changes(before: SubscriptionVersion, after: SubscriptionVersion, trees: Mapping[int, Any]) -> tuple[Change, ...]:
    found = differences(before.header, after.header) + differences(trees[before.number], trees[after.number])
    return tuple(change for change in found if change.path.rpartition(".")[2] not in _IDENTITY)


def _filled(versions: Iterable[SubscriptionVersion]) -> dict[int, Any]:
    """The tree at each version; a version that left it alone has that of the one before."""
    trees: dict[int, Any] = {}
    tree: Any = None
    for version in versions:
        if version.tree is not None or not trees:
            tree = _tree_at(version)
        trees[version.number] = tree
    return trees


def _tree_at(version: SubscriptionVersion) -> Any:
    if version.tree is not None:
        return version.tree
    earlier = SubscriptionVersion.objects.filter(
        subscription=version.subscription_id, number__lt=version.number, tree__isnull=False
    )
    return earlier.order_by("-number").values_list("tree", flat=True).first()
