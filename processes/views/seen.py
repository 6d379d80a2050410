"""What an open page of a process has seen, as its ETag says it: a digest of each part, and how far its steps go."""

import re
from dataclasses import astuple, dataclass
from typing import ClassVar, Self

from processes.access.permissions import AnyUser, roles_of
from processes.queries import Revision
from processes.views.buttons import seen
from processes.views.etags import digest

_ETAG = re.compile(r'(?:W/)?"([0-9a-f]+(?:\.[0-9a-f]+){7}\.[0-9]{1,18}\.[0-9]{1,9})"')


@dataclass(frozen=True)
class Seen:
    """`whole` is the digest of all that decides, `plan` that of the plan; then come those of parts of the page.

    `last_row` is the newest row of a try that the page knows; `stand` is 1 for the first step of the plan, 0 for none.
    """

    PARTS: ClassVar = ("facts", "notice", "verbs", "dialogs", "paused", "subjects")

    whole: str
    plan: str
    facts: str
    notice: str
    verbs: str
    dialogs: str
    paused: str
    subjects: str = "0"
    last_row: int = 0
    stand: int = 0

    @classmethod
    def of(cls, revision: Revision, user: AnyUser) -> Self:
        """What a page shows of this revision to this user, but for its subjects and steps."""
        roles = sorted(roles_of(user))
        now, present = revision.row, revision.present_plan
        stand = seen(revision.process)
        return cls(
            whole=digest(now, revision.system, roles, present),
            plan=digest(now.plan),
            facts=digest(now.status, now.last_step, now.leased_by, now.note),
            notice=digest(now.status, present, revision.system, now.last_modified_at) if revision.is_stopped else "0",
            verbs=digest(now.status, now.run_state, bool(now.blocked_by_system), present, roles, stand),
            dialogs=digest(now.note, revision.is_ended, roles),
            paused=digest(bool(now.paused_at)),
        )

    @classmethod
    def parse(cls, etag: str) -> Self | None:
        """What the text of `etag` says; None when it is none of ours."""
        match = _ETAG.fullmatch(etag.strip())
        if match is None:
            return None
        *digests, last_row, stand = match[1].split(".")
        whole, plan, facts, notice, verbs, dialogs, paused, subjects = digests
        return cls(whole, plan, facts, notice, verbs, dialogs, paused, subjects, int(last_row), int(stand))

    @property
    def etag(self) -> str:
        """As `parse` reads it."""
        return f'"{".".join(map(str, astuple(self)))}"'
