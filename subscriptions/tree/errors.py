"""What can be wrong with a change of a tree; each error carries the place and the rule."""

from collections.abc import Sequence
from dataclasses import dataclass


class TreeError(ValueError):
    """A change of a subscription that its product does not allow."""


class UnknownField(TreeError, AttributeError):
    """A block has no field of this name."""

    def __init__(self, holder: str, field: str, known: Sequence[str]) -> None:
        self.holder, self.field = holder, field
        super().__init__(f"{holder} has no field {field}; it has: {', '.join(known) or 'none'}.")


class ValueRefused(TreeError):
    """A value that the type of its field does not take."""

    def __init__(self, holder: str, field: str, reason: str) -> None:
        self.holder, self.field, self.reason = holder, field, reason
        super().__init__(f"{holder}.{field}: {reason}.")


class ComputedField(TreeError):
    """A computed field was assigned; change what it is computed from."""

    def __init__(self, holder: str, field: str) -> None:
        self.holder, self.field = holder, field
        super().__init__(f"{holder}.{field} is computed and cannot be assigned.")


class BlockReadOnly(TreeError):
    """A block of another subscription was changed; only that subscription may change it."""

    def __init__(self, block: str, owner: object, field: str) -> None:
        self.block, self.owner, self.field = block, owner, field
        super().__init__(f"{block}.{field} belongs to subscription {owner} and can only be changed there.")


class BlockNotAllowed(TreeError):
    """A block in a place where its kind or its owner does not belong."""

    def __init__(self, holder: str, field: str, reason: str) -> None:
        self.holder, self.field, self.reason = holder, field, reason
        super().__init__(f"{holder}.{field}: {reason}.")


class ValuesMissing(TreeError):
    """Values that a status needs are not there; `paths` names each."""

    def __init__(self, status: str, paths: Sequence[str]) -> None:
        self.status, self.paths = status, tuple(paths)
        super().__init__(f"Status {status} needs a value for {', '.join(self.paths)}.")


@dataclass(frozen=True)
class BrokenRule:
    """Where a rule of the model is broken (`circuit.saps.1`; of the whole subscription nowhere), and its message."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class RulesBroken(TreeError):
    """Values that the rules of the product do not allow together; `rules` names each."""

    def __init__(self, rules: Sequence[BrokenRule]) -> None:
        self.rules = tuple(rules)
        super().__init__("; ".join(map(str, rules)))
