"""What a step is told of its run, beside its arguments."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from processes.engine.values.secrets import note

Secrets = Callable[[str], str | None]
"""The text of the secret of this name; None where there is none."""


class UnknownSecret(LookupError):
    """A step asks for a secret that nobody has provided."""

    retryable = False

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no secret named {name}.")


def _ignore(value: object) -> None:
    """Progress nobody watches."""


def _never() -> bool:
    """Nobody can cancel a run in memory."""
    return False


def no_secrets(_name: str) -> str | None:
    """Where nobody provides any."""
    return None


@dataclass(frozen=True)
class StepContext:
    """What a step may know of its run.

    `idempotency_key` is the same for every try of this step in this process: hand it to external systems, so that a
    repeat has no second effect. `attempt` counts from 1. `progress(value)` shows a JSON value to whoever watches.
    `deadline` is when a step with a timeout is stopped. `log` writes lines that name the process and the step.
    `frames` are what the composites around the step keep, by path.
    """

    process_id: UUID
    workflow_name: str
    path: str
    visit: int
    attempt: int
    created_by: str
    log: logging.Logger = field(default=logging.getLogger("processes.step"))
    deadline: datetime | None = None
    frames: Mapping[str, Any] = field(default_factory=dict)
    progress: Callable[[object], None] = _ignore
    is_cancelled: Callable[[], bool] = _never
    secrets: Secrets = field(default=no_secrets, repr=False)

    @property
    def cancelled(self) -> bool:
        """Whether the process was aborted or taken over, so that nobody waits for this step; asks each time."""
        return self.is_cancelled()

    @property
    def idempotency_key(self) -> str:
        return f"{self.process_id}/{self.path}/{self.visit}"

    def key(self, *parts: object) -> str:
        """An idempotency key for one of several effects of this step: the same for the same parts in every try."""
        return ":".join([self.idempotency_key, *(quote(str(part), safe="") for part in parts)])

    def secret(self, name: str) -> str:
        """The secret of this name, such as the password of an external system. Raises `UnknownSecret`.

        Like one that a person typed, it is masked in errors and logs of this step, and sealed in what it returns.
        """
        secret = self.secrets(name)
        if secret is None:
            raise UnknownSecret(name)
        note(secret)
        return secret
