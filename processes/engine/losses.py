"""How a worker may be lost in the middle of a step, and how often that may be before a person is asked. Pure."""

from enum import StrEnum
from typing import Final

CRASH_BUDGET: Final = 3
"""How many workers a step may cost in a row before a person is asked."""

OUTAGE_BUDGET: Final = 10
"""How often in a row a step may be lost with its host, other workers or the database: after so many it may be the step
that takes them along."""


class Loss(StrEnum):
    """How a worker was lost: it died (`CRASHED`), we stopped it in the middle of a step (`INTERRUPTED`), or it was lost
    by what is bigger than a step (`OUTAGE`): its host, several workers at once, its connection to the database.

    Only the first may be the fault of the step, and counts against it.
    """

    CRASHED = "crashed"
    INTERRUPTED = "interrupted"
    OUTAGE = "outage"


def used_up(loss: Loss, *, crashes: int, outages: int) -> str:
    """Why the step is not tried again by itself after this loss; empty when it is. Both counts include it.

    Somebody who has it tried again after so many outages allows as many once more.
    """
    if loss is Loss.CRASHED and crashes >= CRASH_BUDGET:
        return f"The worker died {CRASH_BUDGET} times during this step; fix the cause, then retry."
    if loss is Loss.OUTAGE and outages % OUTAGE_BUDGET == 0:
        return (
            f"The host, its workers or the database were lost {OUTAGE_BUDGET} times in a row during this step,"
            " which may be the cause; look at the host, then retry."
        )
    return ""
