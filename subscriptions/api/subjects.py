"""Subscriptions as processes over REST name them; asked by `processes.plugins.panels`, never by a view."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from processes.access.viewer import seen_ids
from subscriptions.api.rows import list_rows
from subscriptions.models import Subscription
from subscriptions.workflows.session import SUBJECT


def rows(kind: str, ids: list[str]) -> Mapping[str, Mapping[str, Any]]:
    """The rows of subscriptions by id, in one query; nothing for other kinds, what is gone, and what is not seen."""
    if kind != SUBJECT:
        return {}
    seen = seen_ids(Subscription, [UUID(one) for one in ids])
    return {str(row["subscription_id"]): row for row in list_rows(list(seen))}
