"""The words of rights: actions, roles, what the credentials of a request give, and what a decision says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

AnyUser = AbstractBaseUser | AnonymousUser


class Action(StrEnum):
    """Everything that is decided about; anything else is refused.

    To test is to order what is not released yet; it takes the right to start as well.
    """

    VIEW = "view"
    START = "start"
    RESUME = "resume"
    RETRY = "retry"
    ABORT = "abort"
    NOTE = "note"
    WATCH = "watch"
    EDIT_CATALOGUE = "edit_catalogue"
    TEST = "test"
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
    "modeller": frozenset({Action.VIEW, Action.EDIT_CATALOGUE, Action.TEST}),
    "admin": frozenset(Action),
}
"""What members of the group of each name may do; a user's groups add up."""


@dataclass(frozen=True)
class Decision:
    """The answer, and when it is no, why, in words for the person who asked; `because` names the rule either way.

    `step_up` is the level at which the same person would get a yes after signing in again.
    """

    allowed: bool
    reason: str = ""
    step_up: str = ""
    because: str = field(default="", compare=False)


class Scope(StrEnum):
    """How much of somebody's rights a token carries."""

    READ = "read"
    ACT = "act"
    ALL = "all"


SCOPES: Mapping[Scope, frozenset[Action]] = {
    Scope.READ: frozenset({Action.VIEW, Action.WATCH}),
    Scope.ACT: frozenset(Action) - {Action.EDIT_CATALOGUE, Action.ADMINISTER},
    Scope.ALL: frozenset(Action),
}


@dataclass(frozen=True)
class Rights:
    """What the credentials of one request give; nothing else that is known of the person counts in it.

    `groups` are the names that the credentials vouch for, roles among them. `client` is the program that presents a
    bearer token, empty otherwise. `acr` says how strongly somebody signed in, in the word of the provider, empty
    when it said nothing; None stands for credentials that know no such levels, a password of this site. `scope` is
    what a personal token was made for.
    """

    groups: frozenset[str] = frozenset()
    client: str = ""
    acr: str | None = None
    scope: Scope = Scope.ALL

    @property
    def roles(self) -> frozenset[str]:
        return self.groups & ROLES.keys()


NO_RIGHTS = Rights()


def rights_of(user: AnyUser) -> Rights:
    """The rights of the request that `user` belongs to; those of the user's groups when the request said nothing."""
    if not user.is_authenticated or not user.is_active:
        return NO_RIGHTS
    named: Any = user
    if not hasattr(user, "_rights"):
        if user.pk is None:
            return NO_RIGHTS
        know_groups(user, named.groups.values_list("name", flat=True))
    rights: Rights = named._rights
    return rights


def roles_of(user: AnyUser) -> frozenset[str]:
    """The roles among the rights of a user."""
    return rights_of(user).roles


def give_rights(user: AnyUser, rights: Rights) -> None:
    """Attach to the user of a request what its credentials give; groups in the database no longer count for it."""
    named: Any = user
    named._rights = rights


def know_groups(
    user: AnyUser, groups: Iterable[str | None], *, acr: str | None = None, scope: Scope = Scope.ALL
) -> None:
    """Give a user the rights of groups in the database that are known already, so that nobody asks for them again."""
    named: Any = user
    names = {name for name in groups if name} | ({"admin"} if named.is_superuser else set())
    give_rights(user, Rights(frozenset(names), acr=acr, scope=scope))
