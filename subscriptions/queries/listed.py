"""Subscriptions as lists show them, by one statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from processes.store.statements import moment, uuid
from subscriptions.queries.statements import LISTED


class ListedSubscription(NamedTuple):
    """A row of a list; a tuple, since there are a thousand of them on a part."""

    id: UUID
    description: str
    status: str
    insync: bool
    customer_id: str
    note: str | None
    start_date: datetime | None
    end_date: datetime | None
    version: int
    product_id: UUID
    product_name: str
    product_description: str
    product_type: str
    product_tag: str
    product_status: str
    product_created_at: datetime
    product_end_date: datetime | None
    customer_fullname: str
    customer_shortcode: str


def listed(ids: Sequence[UUID]) -> list[ListedSubscription]:
    """The subscriptions of these ids, in this order; those that are gone meanwhile are left out."""
    shown: dict[UUID, ListedSubscription] = {}
    for pk, description, status, insync, customer, note, start, end, version, product, *facts in LISTED.rows(ids):
        name, about, kind, tag, product_status, created, ends, fullname, shortcode = facts
        row = ListedSubscription(
            uuid(pk), description, status, bool(insync), customer, note, moment(start), moment(end), version,
            uuid(product), name, about, kind, tag, product_status, moment(created), moment(ends), fullname, shortcode,
        )  # fmt: skip
        shown[row.id] = row
    return [shown[one] for one in ids if one in shown]
