"""What each save reads and writes, by statements whose plans are kept: they are half of a step that saves."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from processes.engine.values import json_text
from processes.store import is_postgresql
from processes.store.statements import Statement, uuid
from subscriptions.lifecycle import SubscriptionLifecycle


class LockedRow(NamedTuple):
    """What a save asks of a row that it has locked."""

    version: int
    status: SubscriptionLifecycle
    description: str


_LOCK = Statement(
    postgresql="""
SELECT id, version, status, description FROM subscriptions_subscription WHERE id = ANY(%(ids)s) ORDER BY id FOR UPDATE
""",
    sqlite="""
SELECT id, version, status, description FROM subscriptions_subscription
WHERE id IN (SELECT value FROM json_each(%(ids)s)) ORDER BY id
""",
)

_SAVE = """
UPDATE subscriptions_subscription SET
  description = %(description)s, status = %(status)s, insync = COALESCE(%(insync)s, insync),
  customer_id = %(customer_id)s, note = %(note)s, start_date = %(start_date)s, end_date = %(end_date)s,
  version = version + 1, modified_at = %(at)s
WHERE id = %(id)s RETURNING id
"""
_APPEND = """
INSERT INTO subscriptions_subscriptionversion
  (subscription_id, number, at, by, process_id, step_path, header, tree)
VALUES (%(id)s, %(number)s, %(at)s, %(by)s, %(process_id)s, %(step_path)s, %(header)s, %(tree)s) RETURNING id
"""
_HEADER = Statement(postgresql=_SAVE, sqlite=_SAVE)
_VERSION = Statement(postgresql=_APPEND, sqlite=_APPEND)


def lock_rows(ids: Iterable[UUID]) -> dict[UUID, LockedRow]:
    """Lock the rows in the order of their ids, until the transaction ends."""
    return {
        uuid(pk): LockedRow(version, SubscriptionLifecycle(status), description)
        for pk, version, status, description in _LOCK.rows(ids)
    }


def save_header(subscription_id: UUID, header: dict[str, Any], at: datetime) -> None:
    """Give a row what it has besides its blocks, and the next version; an `insync` of None stays what it is."""
    _HEADER.rows(
        id=_stored(subscription_id), at=_stored(at), **{name: _stored(value) for name, value in header.items()}
    )


def append_version(subscription_id: UUID, version: dict[str, Any]) -> None:
    """Add one to the history; `header` and `tree` are JSON, or a tree is None."""
    columns = {name: _stored(value) for name, value in version.items()}
    _VERSION.rows(id=_stored(subscription_id), **columns)


def _stored(value: Any) -> Any:
    """A value as each dialect takes it; JSON is text to both."""
    match value:
        case dict():
            return json_text.to_database(value).decode()
        case StrEnum():
            return value.value
        case UUID() if not is_postgresql():
            return value.hex
        case datetime() if not is_postgresql():
            return connection.ops.adapt_datetimefield_value(value)
        case _:
            return value
