"""The one decision: may this user do this to that? Asked by pages, buttons, REST, GraphQL and the admin alike.

What is decided is said in `policy`, unless the settings name a function of the site: `ACCESS_DECIDE` for one object,
`ACCESS_ROWS` for the rows of a list. The same answers are given everywhere, since nobody else decides.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.utils.module_loading import import_string

from processes.access.authors import ACTS, reason_of_author
from processes.access.rights import (
    NO_RIGHTS,
    ROLES,
    Action,
    AnyUser,
    Decision,
    Rights,
    Scope,
    give_rights,
    know_groups,
    rights_of,
    roles_of,
)
from processes.access.step_up import missing_level

__all__ = [
    "NO_RIGHTS",
    "ROLES",
    "Action",
    "AnyUser",
    "Decision",
    "Denied",
    "Rights",
    "Scope",
    "StepUpRequired",
    "check",
    "decide",
    "give_rights",
    "know_groups",
    "refuse_unless",
    "rights_of",
    "roles_of",
    "visible",
]

R = TypeVar("R", bound=QuerySet[Any])
Decide = Callable[[AnyUser, Action, object], Decision]
Rows = Callable[[AnyUser, type[Model]], Q | None]


class Denied(PermissionDenied):
    """This user may not do this; the reason is the message."""


class StepUpRequired(Denied):
    """This user may do this after a stronger sign-in, at the level `acr`."""

    def __init__(self, reason: str, acr: str) -> None:
        super().__init__(reason)
        self.acr = acr


def decide(user: AnyUser, action: Action, subject: object = None) -> Decision:
    """Whether this user may do this; to that, or without a subject to anything at all.

    What the author of the workflow says is asked too, and narrows only. What asks for a stronger sign-in is a no until
    there was one, whoever decides the rest.
    """
    function: Decide = _function(settings.ACCESS_DECIDE)
    decision = function(user, action, subject)
    if decision.allowed and action in ACTS and (reason := reason_of_author(user, action, subject)):
        decision = Decision(allowed=False, reason=reason, because="the workflow")
    level = missing_level(action, rights_of(user).acr) if decision.allowed else ""
    if not level:
        return decision
    return Decision(allowed=False, reason=f"This requires signing in again, at the level {level}.", step_up=level)


def check(user: AnyUser, action: Action, subject: object = None) -> None:
    """Raise `Denied` with the reason unless the user may."""
    refuse_unless(decide(user, action, subject))


def refuse_unless(decision: Decision) -> None:
    """Raise `StepUpRequired` or `Denied` for a no."""
    if decision.step_up:
        raise StepUpRequired(decision.reason, decision.step_up)
    if not decision.allowed:
        raise Denied(decision.reason)


def visible(rows: R, user: AnyUser) -> R:
    """Those of the rows that this user may see; every list, count and choice for a person begins with it."""
    function: Rows = _function(settings.ACCESS_ROWS)
    restriction = function(user, rows.model)
    return rows if restriction is None else rows.filter(restriction)


@lru_cache(maxsize=8)
def _function(path: str) -> Any:
    return import_string(path)
