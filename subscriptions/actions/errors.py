"""Why a subscription was not saved; each error names the rule and who is in the way."""

from collections.abc import Sequence
from uuid import UUID

from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.start_rules import Neighbour, named


class SaveRefused(Exception):
    """A subscription was not saved."""


class NotLocked(SaveRefused):
    """A process tried to save a subscription that it has not locked."""

    def __init__(self, description: str) -> None:
        super().__init__(f"“{description}” was changed, but this process has not locked it; nothing was saved.")


class StaleSubscription(SaveRefused):
    """A subscription was changed by somebody else since it was read."""

    def __init__(self, description: str, read: int, stored: int) -> None:
        self.read, self.stored = read, stored
        super().__init__(f"“{description}” was read at version {read} and is at version {stored} now; read it again.")


class ValueTaken(SaveRefused):
    """A value that must be unique is held by another block."""

    def __init__(self, field: str, value: object, holder: str | None, scope: str) -> None:
        self.field, self.value, self.holder = field, value, holder
        who = f"“{holder}”" if holder else "another subscription"
        among = "subscriptions of this product" if scope == "product" else "all subscriptions"
        super().__init__(f"{field} must be unique among {among}, and {who} already has {value!r}.")


class BlockInUse(SaveRefused):
    """A block was taken out of a subscription while others refer to it."""

    def __init__(self, block: str, users: Sequence[Neighbour]) -> None:
        self.users = tuple(users)
        super().__init__(f"A block {block} cannot be removed: it is used by {named(users)}.")


class StatusRefusedByUsers(SaveRefused):
    """A status that the subscriptions which use our blocks do not allow."""

    def __init__(self, description: str, status: SubscriptionLifecycle, users: Sequence[Neighbour]) -> None:
        self.status, self.users = status, tuple(users)
        super().__init__(f"“{description}” cannot become {status} while it is used by {named(users)}.")


class UnsafeReference(SaveRefused):
    """A block of a subscription that cannot be used in its present status."""

    def __init__(self, description: str, owner: str, owner_status: str) -> None:
        self.owner, self.owner_status = owner, owner_status
        super().__init__(f"“{description}” cannot use “{owner}”, which is {owner_status}.")


class UnfinishedProcesses(SaveRefused):
    """A subscription cannot be called in sync while processes on it are unfinished."""

    def __init__(self, processes: Sequence[tuple[UUID, str]]) -> None:
        self.processes = tuple(processes)
        listed = ", ".join(f"{workflow} ({process_id})" for process_id, workflow in processes)
        super().__init__(f"The subscription cannot be set in sync while these processes are unfinished: {listed}.")
