"""Questions about rights, answered by the one decision."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Q

from processes.access.conditions import All, spelled
from processes.access.grants import grants_of, know_grants
from processes.access.permissions import Action, AnyUser, Decision, decide, know_groups, roles_of
from processes.engine.workflow import Workflow
from processes.models import GrantEffect
from processes.plugins import registry

MOST_PEOPLE = 200
_WORDS = {
    GrantEffect.ONLY: "By role only where:",
    GrantEffect.ALLOW: "Whatever the role, where:",
    GrantEffect.DENY: "Never where:",
}
VERBS = (Action.START, Action.RESUME, Action.RETRY, Action.ABORT)


@dataclass(frozen=True)
class RightsRow:
    """Something one may do or not, with the decision about it, and what grants say of single objects."""

    label: str
    decision: Decision
    limits: Sequence[str] = ()


@dataclass(frozen=True)
class WorkflowRights:
    """A workflow, with a decision about each verb."""

    workflow: Workflow
    decisions: Sequence[Decision]


@dataclass(frozen=True)
class PersonRights:
    """A person, with a decision about each verb."""

    person: User
    decisions: Sequence[Decision]


def actions_of(user: AnyUser) -> list[RightsRow]:
    """Each action, whether there may be anything that this user may do it to."""
    return [_row(user, action) for action in Action]


def _row(user: AnyUser, action: Action) -> RightsRow:
    decision = decide(user, action)
    limits = _limits(user, action) if decision.allowed and "admin" not in roles_of(user) else []
    return RightsRow(action.value.replace("_", " ").capitalize(), decision, limits)


def _limits(user: AnyUser, action: Action) -> list[str]:
    """What the grants about an action say of its object, in words; *only* narrows what a role gives."""
    rules = [rule for rule in grants_of(user) if action in rule.actions and rule.condition != All()]
    return [
        f"{_WORDS[effect]} {'; or '.join(spelled(rule.condition) for rule in some)} ({', '.join(told)})"
        for effect in _WORDS
        if (some := [rule for rule in rules if rule.effect is effect]) and (told := [rule.told for rule in some])
    ]


def workflows_of(user: AnyUser) -> list[WorkflowRights]:
    """Each workflow, and whether this user may start, answer, retry or abort it; before a form is filled in."""
    known = sorted(registry.all_workflows().values(), key=lambda workflow: workflow.description)
    return [WorkflowRights(one, [decide(user, verb, one) for verb in VERBS]) for one in known]


def people_of(workflow: Workflow, search: str = "") -> tuple[list[PersonRights], bool]:
    """People who may do anything with a workflow, by name, and whether there are more than were asked."""
    found = User.objects.filter(is_active=True).prefetch_related("groups").order_by("username")
    if search:
        named = Q(username__icontains=search) | Q(first_name__icontains=search) | Q(last_name__icontains=search)
        found = found.filter(named)
    people = list(found[: MOST_PEOPLE + 1])
    rows = list(_rights(people[:MOST_PEOPLE], workflow))
    return [row for row in rows if any(decision.allowed for decision in row.decisions)], len(people) > MOST_PEOPLE


def _rights(people: Sequence[User], workflow: Workflow) -> Iterator[PersonRights]:
    for person in people:
        know_groups(person, [group.name for group in person.groups.all()])
    know_grants(people)
    for person in people:
        yield PersonRights(person, [decide(person, verb, workflow) for verb in VERBS])
