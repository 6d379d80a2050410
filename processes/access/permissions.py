"""The one decision: may this user do this to that? Asked by pages, buttons, REST, GraphQL and the admin alike."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied

AnyUser = AbstractBaseUser | AnonymousUser


class Action(StrEnum):
    """Everything that is decided about; anything else is refused."""

    VIEW = "view"
    START = "start"
    RESUME = "resume"
    RETRY = "retry"
    ABORT = "abort"
    NOTE = "note"
    WATCH = "watch"
    EDIT_CATALOGUE = "edit_catalogue"
    SKIP = "skip"
    EDIT_STATE = "edit_state"
    DELETE = "delete"
    PAUSE = "pause"
    SET_IN_SYNC = "set_in_sync"
    ADMINISTER = "administer"


_OPERATE = frozenset({Action.VIEW, Action.START, Action.RESUME, Action.RETRY, Action.ABORT, Action.NOTE, Action.WATCH})

ROLES: Mapping[str, frozenset[Action]] = {
    "viewer": frozenset({Action.VIEW}),
    "operator": _OPERATE,
    "modeller": frozenset({Action.VIEW, Action.EDIT_CATALOGUE}),
    "admin": frozenset(Action),
}
"""What members of the group of each name may do; a user's groups add up."""


@dataclass(frozen=True)
class Decision:
    """The answer, and when it is no, why, in words for the person who asked."""

    allowed: bool
    reason: str = ""


class Denied(PermissionDenied):
    """This user may not do this; the reason is the message."""


def roles_of(user: AnyUser) -> frozenset[str]:
    """The roles a user has, from group names; looked up once per user object."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    named: Any = user
    if not hasattr(user, "_roles"):
        know_roles(user, named.groups.values_list("name", flat=True))
    roles: frozenset[str] = named._roles
    return roles


def know_roles(user: AnyUser, groups: Iterable[str | None]) -> None:
    """Keep the roles of a user whose groups are known already, so that nobody asks for them again."""
    named: Any = user
    named._roles = frozenset(groups) & ROLES.keys() | ({"admin"} if named.is_superuser else frozenset())


def decide(user: AnyUser, action: Action, subject: object = None) -> Decision:  # noqa: ARG001 - grants by object come
    """Decide from the roles of the user; nobody without a role may do anything."""
    if not user.is_authenticated:
        return Decision(allowed=False, reason="You are not signed in.")
    if any(action in ROLES[role] for role in roles_of(user)):
        return Decision(allowed=True)
    needed = " or ".join(role for role, actions in ROLES.items() if action in actions)
    return Decision(allowed=False, reason=f"This requires the role {needed}.")


def check(user: AnyUser, action: Action, subject: object = None) -> None:
    """Raise `Denied` with the reason unless the user may."""
    decision = decide(user, action, subject)
    if not decision.allowed:
        raise Denied(decision.reason)
