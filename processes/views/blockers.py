"""What stands in the way of a form, and what has changed under it, as links for people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from processes.actions import LockHeld, Refused
from processes.engine.binding import Meanwhile
from processes.engine.values.errors import Blocker, StartRefused
from processes.plugins.panels import SubjectLink, links


@dataclass(frozen=True)
class ChangeLine:
    """Who has changed something since a form was opened, and where that is told; `url` is empty where it is nowhere."""

    by: str
    at: datetime
    names: str
    url: str


def change_lines(changes: Iterable[Meanwhile]) -> list[ChangeLine]:
    """The changes as a page tells them."""
    return [ChangeLine(one.by, one.at, ", ".join(one.names), _address(one)) for one in changes]


def blockers_of(error: StartRefused | Refused) -> list[SubjectLink]:
    """What stands in the way, with its page."""
    if isinstance(error, LockHeld):
        return [
            SubjectLink(
                label=f"{error.holder.workflow_name}, {error.holder.status}", url=error.holder.get_absolute_url()
            )
        ]
    if isinstance(error, Refused):
        return []
    known = links((one.kind, one.id, one.label) for one in error.blockers)
    return [_process_link(one) if one.kind == "process" else known[one.kind, one.id] for one in error.blockers]


def _process_link(blocker: Blocker) -> SubjectLink:
    return SubjectLink(label=blocker.label, url=reverse("processes:detail", args=[blocker.id]))


def _address(change: Meanwhile) -> str:
    return reverse("processes:detail", args=[change.process_id]) if change.process_id else ""
