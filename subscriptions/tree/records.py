"""The flat form of a tree, as it is stored: header, block instances, relations; and what differs between two."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from subscriptions.lifecycle import SubscriptionLifecycle


@dataclass(frozen=True)
class Header:
    """What a subscription has besides its blocks."""

    description: str
    status: SubscriptionLifecycle
    insync: bool
    customer_id: str
    note: str | None = None
    start_date: datetime | None = None
    end_date: datetime | None = None


@dataclass(frozen=True)
class Instance:
    """One block instance; `values` maps field names to the JSON form of the value, without those that are not set."""

    id: UUID
    owner_id: UUID
    block: str
    label: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Relation:
    """A child in an attribute of its parent; no parent means directly below the subscription."""

    parent: UUID | None
    attribute: str
    position: int
    child: UUID


@dataclass(frozen=True)
class Changes:
    """What has to be written to bring the stored form up to date."""

    header: Mapping[str, Any] = field(default_factory=dict)
    created: tuple[Instance, ...] = ()
    updated: tuple[Instance, ...] = ()
    removed: tuple[UUID, ...] = ()
    related: tuple[Relation, ...] = ()
    unrelated: tuple[Relation, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, part.name) for part in fields(self))

    @property
    def is_tree_changed(self) -> bool:
        """Whether more than the header changed."""
        return any(getattr(self, part.name) for part in fields(self) if part.name != "header")


@dataclass(frozen=True)
class Records:
    """A whole subscription in flat form; only its own instances."""

    header: Header
    instances: Mapping[UUID, Instance]
    relations: frozenset[Relation]

    def changes_since(self, old: "Records") -> Changes:
        """What differs from an earlier form of the same subscription, in a stable order."""
        return Changes(
            header={
                part.name: getattr(self.header, part.name)
                for part in fields(Header)
                if getattr(self.header, part.name) != getattr(old.header, part.name)
            },
            created=tuple(new for key, new in self.instances.items() if key not in old.instances),
            updated=tuple(
                new for key, new in self.instances.items() if key in old.instances and old.instances[key] != new
            ),
            removed=tuple(key for key in old.instances if key not in self.instances),
            related=_ordered(self.relations - old.relations),
            unrelated=_ordered(old.relations - self.relations),
        )


def _ordered(relations: frozenset[Relation]) -> tuple[Relation, ...]:
    return tuple(sorted(relations, key=lambda one: (str(one.parent or ""), one.attribute, one.position)))
