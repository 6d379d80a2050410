"""Colour, icon and words of every status a page can show. Colour never speaks alone: each has an icon and a text."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """What a colour means; site.css has one class `tone-…` for each."""

    NEUTRAL = "neutral"
    BUSY = "busy"
    GOOD = "good"
    ATTENTION = "attention"
    BAD = "bad"
    ENDED = "ended"


@dataclass(frozen=True)
class Appearance:
    """How one status is shown; `spins` marks work going on right now."""

    text: str
    tone: Tone
    icon: str
    spins: bool = False


_BUSY = "loader-2"

STATUSES: Mapping[str, Appearance] = {
    # processes
    "created": Appearance("Created", Tone.NEUTRAL, "circle-dashed"),
    "running": Appearance("Running", Tone.BUSY, _BUSY, spins=True),
    "resumed": Appearance("Resumed", Tone.BUSY, "player-play"),
    "suspended": Appearance("Needs input", Tone.ATTENTION, "forms"),
    "waiting": Appearance("Waiting", Tone.ATTENTION, "hourglass"),
    "awaiting_callback": Appearance("Awaiting callback", Tone.BUSY, "webhook"),
    "failed": Appearance("Failed", Tone.BAD, "alert-circle"),
    "inconsistent_data": Appearance("Inconsistent data", Tone.BAD, "alert-circle"),
    "api_unavailable": Appearance("API unavailable", Tone.BAD, "unlink"),
    "aborted": Appearance("Aborted", Tone.ENDED, "ban"),
    "completed": Appearance("Completed", Tone.GOOD, "circle-check"),
    # steps
    "pending": Appearance("Pending", Tone.NEUTRAL, "circle-dashed"),
    "success": Appearance("Done", Tone.GOOD, "circle-check"),
    "skipped": Appearance("Skipped", Tone.NEUTRAL, "player-skip-forward"),
    "suspend": Appearance("Needs input", Tone.ATTENTION, "forms"),
    "crashed": Appearance("Worker lost", Tone.BAD, "bolt"),
    "abort": Appearance("Aborted", Tone.ENDED, "ban"),
    "complete": Appearance("Complete", Tone.GOOD, "circle-check"),
    # incidents
    "timed_out": Appearance("Timed out", Tone.BAD, "clock"),
    "outcome_unknown": Appearance("Outcome unknown", Tone.BAD, "help"),
    "definition_changed": Appearance("Definition changed", Tone.ATTENTION, "git-compare"),
    # subscriptions
    "initial": Appearance("Initial", Tone.NEUTRAL, "circle-dashed"),
    "provisioning": Appearance("Provisioning", Tone.BUSY, "circle-half-2"),
    "active": Appearance("Active", Tone.GOOD, "circle-check"),
    "migrating": Appearance("Migrating", Tone.BUSY, "arrows-exchange"),
    "disabled": Appearance("Disabled", Tone.ATTENTION, "player-pause"),
    "terminated": Appearance("Terminated", Tone.ENDED, "circle-x"),
    # products
    "pre production": Appearance("Pre-production", Tone.BUSY, "tools"),
    "phase out": Appearance("Phase out", Tone.ATTENTION, "hourglass"),
    "end of life": Appearance("End of life", Tone.ENDED, "circle-x"),
}


FAMILIES: Mapping[str, Mapping[str, Appearance]] = {
    "engine": {
        "running": Appearance("Running", Tone.GOOD, "player-play"),
        "pausing": Appearance("Pausing", Tone.ATTENTION, "player-pause"),
        "paused": Appearance("Paused", Tone.ATTENTION, "player-pause"),
    },
    "worker": {
        "busy": Appearance("Busy", Tone.BUSY, _BUSY, spins=True),
        "idle": Appearance("Idle", Tone.GOOD, "circle-check"),
        "silent": Appearance("No heartbeat", Tone.BAD, "alert-circle"),
    },
    "system": {
        "closed": Appearance("Calls allowed", Tone.GOOD, "circle-check"),
        "open": Appearance("Calls paused", Tone.BAD, "alert-circle"),
        "half_open": Appearance("Testing recovery", Tone.ATTENTION, "hourglass"),
        "stopped": Appearance("Stopped", Tone.ATTENTION, "player-pause"),
    },
    "slots": {
        "full": Appearance("All calls in use", Tone.BUSY, _BUSY),
    },
    "plan": {
        "removed": Appearance("Removed", Tone.BAD, "minus"),
        "added": Appearance("Added", Tone.GOOD, "plus"),
        "changed": Appearance("Changed", Tone.BUSY, "pencil"),
        "current": Appearance("Current step", Tone.ATTENTION, "player-pause"),
    },
    "message": {
        "debug": Appearance("Debug", Tone.NEUTRAL, "info-circle"),
        "info": Appearance("Information", Tone.NEUTRAL, "info-circle"),
        "success": Appearance("Done", Tone.GOOD, "circle-check"),
        "warning": Appearance("Warning", Tone.ATTENTION, "alert-triangle"),
        "error": Appearance("Error", Tone.BAD, "alert-circle"),
    },
}
"""Looks of what has statuses of its own: their words mean something else than those of processes."""


def appearance(status: object, of: str = "") -> Appearance:
    """How to show a status, or one of the family `of`; an unknown one keeps its own word in a neutral colour."""
    word = str(status or "unknown")
    known = FAMILIES[of].get(word) if of else STATUSES.get(word)
    return known or Appearance(word.replace("_", " ").capitalize(), Tone.NEUTRAL, "point")
