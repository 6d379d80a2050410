"""What can go wrong when an external system is asked; each error says whether trying again may help."""

from typing import Any

import orjson


class InventoryError(Exception):
    """The inventory did not do what was asked."""

    retryable = False


class InventoryUnavailable(InventoryError):
    """The inventory cannot be reached or is out of order; the call may or may not have had its effect."""

    def __init__(self, call: str, why: str, *, retryable: bool = True) -> None:
        super().__init__(f"The inventory is unavailable: {call}: {why}")
        self.call = call
        self.why = why
        self.retryable = retryable


class InventoryRefused(InventoryError):
    """The inventory understood and said no; `body` is its JSON answer, with the field and the reason."""

    def __init__(self, call: str, status: int, body: Any) -> None:
        super().__init__(f"The inventory refused {call} ({status}): {_plain(body)}")
        self.call = call
        self.status = status
        self.body = body


class NotFound(InventoryError):
    """The inventory has no such object."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The inventory has no {what}.")
        self.what = what


class Occupied(InventoryError):
    """An object with this name is there already and belongs to somebody else."""

    def __init__(self, what: str, owner: str | None) -> None:
        super().__init__(f"The inventory already has {what}, which belongs to {owner or 'an unknown owner'}.")
        self.what = what
        self.owner = owner


def _plain(body: Any) -> str:
    if not isinstance(body, dict):
        return str(body)
    if set(body) == {"detail"}:
        return str(body["detail"])
    return "; ".join(f"{name}: {_messages(value)}" for name, value in body.items())


def _messages(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(str(each) for each in value)
    return value if isinstance(value, str) else orjson.dumps(value).decode()
