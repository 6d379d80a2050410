"""How much is measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """How often everything is measured, and how many processes a round over HTTP starts."""

    rounds: int = 5
    processes: int = 200
