"""The grants that speak of a user, read once for each request, and not at all while there are none."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from processes.access.conditions import All, Condition, ConditionInvalid, parse
from processes.access.rights import Action, AnyUser, rights_of
from processes.models import AccessGrant, GrantEffect

GRANTABLE = frozenset(Action) - {Action.ADMINISTER}
"""What a grant may speak of; who administers is a matter of the role, so that nobody is locked out."""


@dataclass(frozen=True)
class AccessRule:
    """A grant as the decision reads it."""

    name: str
    effect: GrantEffect
    actions: frozenset[Action]
    condition: Condition
    source: str = "admin"

    @property
    def told(self) -> str:
        """The grant, for a reason."""
        return f"grant {self.name}" if self.source == "admin" else f"grant {self.name} of {self.source}"


def grants_of(user: AnyUser) -> tuple[AccessRule, ...]:
    """The rules that speak of this user, by person, by group, or of everybody."""
    named: Any = user
    if not hasattr(user, "_grants"):
        named._grants = _read(user)
    rules: tuple[AccessRule, ...] = named._grants
    return rules


def know_grants(people: Iterable[AnyUser]) -> None:
    """Read the grants of many people at once, whose rights are known."""
    found = list(AccessGrant.objects.filter(enabled=True).select_related("group").order_by("name"))
    for person in people:
        named: Any = person
        mine = [row for row in found if _speaks_of(row, person)]
        named._grants = tuple(rule for row in mine if (rule := rule_of(row)) is not None)


def _speaks_of(row: AccessGrant, user: AnyUser) -> bool:
    if row.group is not None:
        return row.group.name in rights_of(user).groups
    return row.person_id in {None, user.pk}


def know_no_grants(user: AnyUser) -> None:
    """Say that there are no grants at all, so that nobody asks for them."""
    named: Any = user
    named._grants = ()


def _read(user: AnyUser) -> tuple[AccessRule, ...]:
    mine = Q(group__name__in=rights_of(user).groups) | Q(group__isnull=True, person__isnull=True)
    if user.pk is not None:  # a bearer without a role is nobody's row, and no person is not every group
        mine |= Q(person_id=user.pk)
    found = AccessGrant.objects.filter(mine, enabled=True)
    return tuple(rule for row in found.order_by("name") if (rule := rule_of(row)) is not None)


def rule_of(row: AccessGrant) -> AccessRule | None:
    """The rule of a row. What cannot be read gives nothing, and takes everything that it names."""
    effect = GrantEffect(row.effect)
    try:
        condition = parse(row.condition)
    except ConditionInvalid:
        if effect is GrantEffect.ALLOW:
            return None
        effect, condition = GrantEffect.DENY, All()
    names = row.actions if isinstance(row.actions, list) else []
    actions = frozenset(Action(name) for name in names if isinstance(name, str) and name in GRANTABLE)
    return AccessRule(row.name, effect, actions, condition, row.source)
