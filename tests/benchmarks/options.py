"""How much is measured."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """How often everything is measured, how many processes a round over HTTP starts, how long a page is asked for."""

    rounds: int = 5
    processes: int = 200
    seconds: float = 2.0
