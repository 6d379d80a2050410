"""What roles and grants decide together; the rule of the house, which a site may replace (`permissions`).

Nobody without a role or a grant may do anything, and administrators may do everything. For all others: a grant that
denies wins; else a grant that allows; else the roles, within the grants that say *only*, of which one must fit. Who may
not see a row may do nothing to it. What a condition says of attributes that the object does not have is left out of an
*only*, and is never fulfilled for the others.
"""

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Model, Q

from processes.access.conditions import Has, Logic, Own, Values, answer, spelled
from processes.access.grants import AccessRule, grants_of
from processes.access.kinds import Intended, ObjectFacts, ObjectKind, facts_of, kind_of, rows_of_start
from processes.access.rights import ROLES, SCOPES, Action, AnyUser, Decision, rights_of
from processes.models import GrantEffect

NEVER = Q(pk__in=[])
ALWAYS = ~NEVER


def decide(user: AnyUser, action: Action, subject: object = None) -> Decision:
    """The decision about one subject, or without one whether there may be any that the user may do this to."""
    if not user.is_authenticated or not user.is_active:
        return Decision(allowed=False, reason="You are not signed in.")
    rights = rights_of(user)
    if action not in SCOPES[rights.scope]:
        return Decision(allowed=False, reason=f"This token was made to {rights.scope}; it may not do this.")
    if "admin" in rights.roles:
        return Decision(allowed=True, because="role admin")
    concerned = _concerned(grants_of(user), (action, Action.VIEW))
    if not concerned:
        return _by_roles(rights.roles, action)
    return (
        _of_start(user, action, subject, concerned)
        if isinstance(subject, Intended)
        else _of_row(user, action, facts_of(subject), concerned)
    )


def _of_row(user: AnyUser, action: Action, facts: ObjectFacts, rules: Sequence[AccessRule]) -> Decision:
    """Who may not see a row may do nothing to it."""
    if action is not Action.VIEW and facts.is_row:
        seen = _by_rules(user, Action.VIEW, facts, rules)
        if not seen.allowed:
            return seen
    return _by_rules(user, action, facts, rules)


def _of_start(user: AnyUser, action: Action, start: Intended, rules: Sequence[AccessRule]) -> Decision:
    """A start is allowed on each of the rows that it is about, and on none that one may not see."""
    decision = Decision(allowed=True)
    for row, facts in rows_of_start(start):
        decision = Decision(allowed=True) if row is None else _by_rules(user, Action.VIEW, row, rules)
        if decision.allowed:
            decision = _by_rules(user, action, facts, rules)
        if not decision.allowed:
            return decision
    return decision


def rows(user: AnyUser, model: type[Model]) -> Q | None:
    """Which rows of a model the user may see; None when all."""
    if not user.is_authenticated or not user.is_active:
        return NEVER
    rights = rights_of(user)
    if "admin" in rights.roles:
        return None
    concerned = _concerned(grants_of(user), (Action.VIEW,))
    by_role = _by_roles(rights.roles, Action.VIEW).allowed
    kind = kind_of(model)
    if not concerned or kind is None:
        return None if by_role else NEVER
    known: dict[object, Q] = user.__dict__.setdefault("_seen_rows", {})  # a page asks some ten times
    key = (kind.name, rights, tuple(concerned))
    if key not in known:
        known[key] = _rows(kind, concerned, name=user.get_username(), by_role=by_role)
    return known[key]


def is_limited(user: AnyUser, action: Action) -> bool:
    """Whether the decision about an object may differ from the decision without one."""
    return "admin" not in rights_of(user).roles and bool(_concerned(grants_of(user), (action, Action.VIEW)))


@dataclass(frozen=True)
class _Sorted:
    """Grants by what they do."""

    deny: Sequence[AccessRule]
    only: Sequence[AccessRule]
    allow: Sequence[AccessRule]


def _sorted(rules: Iterable[AccessRule], action: Action) -> _Sorted:
    fitting = [rule for rule in rules if action in rule.actions]
    return _Sorted(*([rule for rule in fitting if rule.effect is effect] for effect in _ORDER))


_ORDER = (GrantEffect.DENY, GrantEffect.ONLY, GrantEffect.ALLOW)


def _concerned(rules: Sequence[AccessRule], actions: Sequence[Action]) -> list[AccessRule]:
    return [rule for rule in rules if any(action in rule.actions for action in actions)]


def _by_roles(roles: frozenset[str], action: Action) -> Decision:
    giving = sorted(role for role in roles if action in ROLES[role])
    if giving:
        return Decision(allowed=True, because=f"role {giving[0]}")
    needed = " or ".join(role for role, actions in ROLES.items() if action in actions)
    return Decision(allowed=False, reason=f"This requires the role {needed}.")


def _by_rules(user: AnyUser, action: Action, facts: ObjectFacts, rules: Sequence[AccessRule]) -> Decision:
    logic, sorted_ = _logic_of(facts, user.get_username()), _sorted(rules, action)
    for rule in sorted_.deny:
        if answer(rule.condition, logic).surely:
            reason = f"The grant {rule.name} denies this ({spelled(rule.condition)})."
            return Decision(allowed=False, reason=reason, because=rule.told)
    for rule in sorted_.allow:
        verdict = answer(rule.condition, logic)
        if verdict.possibly if facts.open else verdict.surely:
            return Decision(allowed=True, because=rule.told)
    by_roles = _by_roles(rights_of(user).roles, action)
    if not by_roles.allowed or not sorted_.only:
        return by_roles
    verdicts = [(rule, answer(rule.condition, logic)) for rule in sorted_.only]
    said = [(rule, one.possibly if facts.open else one.concerned) for rule, one in verdicts]
    limits = [(rule, fits) for rule, fits in said if fits is not None]
    if not limits:
        return by_roles
    for rule, fits in limits:
        if fits:
            return Decision(allowed=True, because=f"{by_roles.because}, {rule.told}")
    return _limited([rule for rule, _ in limits])


def _limited(rules: Sequence[AccessRule]) -> Decision:
    limits = "; or ".join(spelled(rule.condition) for rule in rules)
    told = ", ".join(rule.told for rule in rules)
    return Decision(allowed=False, reason=f"You may do this only where: {limits}.", because=told)


def _logic_of(facts: ObjectFacts, name: str) -> Logic:
    def leaf(asked: Has | Own) -> bool | None:
        values = facts.known.get("owner" if isinstance(asked, Own) else asked.attribute)
        if values is None:
            return None
        return name in values if isinstance(asked, Own) else any(asked.values.has(value) for value in values)

    return Logic(always=True, never=False, leaf=leaf, negate=operator.not_)


def _rows(kind: ObjectKind, rules: Sequence[AccessRule], *, name: str, by_role: bool) -> Q:
    logic, sorted_ = _logic_of_rows(kind, name), _sorted(rules, Action.VIEW)
    granted = ALWAYS if by_role else NEVER
    limits = [answer(rule.condition, logic).concerned for rule in sorted_.only]
    if concerned := [limit for limit in limits if limit is not None]:
        granted &= _any(concerned)
    granted |= _any(answer(rule.condition, logic).surely for rule in sorted_.allow)
    return granted & ~_any(answer(rule.condition, logic).surely for rule in sorted_.deny)


def _logic_of_rows(kind: ObjectKind, name: str) -> Logic:
    from_name = Has("owner", Values(frozenset({name})))

    def leaf(asked: Has | Own) -> Q | None:
        has = from_name if isinstance(asked, Own) else asked
        term = kind.terms.get(has.attribute)
        return None if term is None else term(has.values)

    return Logic(always=ALWAYS, never=NEVER, leaf=leaf, negate=operator.invert)


def _any(queries: Iterable[Q]) -> Q:
    found = NEVER
    for query in queries:
        found |= query
    return found
