"""The life of a subscription: which moves between statuses are allowed, and what they ask of others. Pure."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from processes.engine.values.status import Target


class SubscriptionLifecycle(StrEnum):
    """Where a subscription is in its life; the words of orchestrator-core."""

    INITIAL = "initial"
    PROVISIONING = "provisioning"
    ACTIVE = "active"
    MIGRATING = "migrating"
    DISABLED = "disabled"
    TERMINATED = "terminated"


INITIAL, PROVISIONING, ACTIVE, MIGRATING, DISABLED, TERMINATED = SubscriptionLifecycle

MOVES: Mapping[SubscriptionLifecycle, frozenset[SubscriptionLifecycle]] = {
    INITIAL: frozenset({PROVISIONING, ACTIVE, TERMINATED}),
    PROVISIONING: frozenset({ACTIVE, TERMINATED}),
    ACTIVE: frozenset({PROVISIONING, MIGRATING, DISABLED, TERMINATED}),
    MIGRATING: frozenset({PROVISIONING, ACTIVE, TERMINATED}),
    DISABLED: frozenset({PROVISIONING, ACTIVE, TERMINATED}),
    TERMINATED: frozenset(),
}
"""Where a subscription may go from each status; staying is always allowed, and nothing returns from terminated."""

USERS: Mapping[SubscriptionLifecycle, frozenset[SubscriptionLifecycle]] = {
    INITIAL: frozenset({INITIAL, TERMINATED}),
    PROVISIONING: frozenset({INITIAL, PROVISIONING, ACTIVE, TERMINATED}),
    ACTIVE: frozenset(SubscriptionLifecycle),
    MIGRATING: frozenset({INITIAL, MIGRATING, TERMINATED}),
    DISABLED: frozenset({INITIAL, DISABLED, TERMINATED}),
    TERMINATED: frozenset({INITIAL, TERMINATED}),
}
"""The statuses that subscriptions which use our blocks may have, by our own status."""

USABLE_WHEN: Mapping[Target, frozenset[SubscriptionLifecycle]] = {
    Target.CREATE: frozenset(),
    Target.MODIFY: frozenset({ACTIVE}),
    Target.TERMINATE: frozenset({PROVISIONING, ACTIVE}),
    Target.VALIDATE: frozenset({ACTIVE}),
    Target.RECONCILE: frozenset({ACTIVE}),
    Target.SYSTEM: frozenset({ACTIVE}),
}
"""In which statuses a workflow of each target can be started, unless the workflow says otherwise."""

TRANSIENT = frozenset({INITIAL, PROVISIONING, MIGRATING})


class MoveRefused(ValueError):
    """A subscription cannot go from {old} to {new}."""

    def __init__(self, old: SubscriptionLifecycle, new: SubscriptionLifecycle) -> None:
        self.old, self.new = old, new
        ways = ", ".join(status for status in SubscriptionLifecycle if status in MOVES[old])
        super().__init__(f"A subscription cannot go from {old} to {new}; from {old} it can go to: {ways or 'nothing'}.")


def check_move(old: SubscriptionLifecycle, new: SubscriptionLifecycle) -> None:
    """Raise `MoveRefused` unless the table allows this move; staying is allowed."""
    if new != old and new not in MOVES[old]:
        raise MoveRefused(old, new)


def dates_after(
    status: SubscriptionLifecycle, start: datetime | None, end: datetime | None, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """The start and end moments after a move to `status`: each is set once and then kept."""
    if status == ACTIVE and start is None:
        start = now
    if status == TERMINATED and end is None:
        end = now
    return start, end
