"""Questions about rights, answered by the one decision."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db.models import Q

from processes.access.grants import know_grants
from processes.access.permissions import Action, AnyUser, Decision, decide, know_groups
from processes.engine.workflow import Workflow
from processes.plugins import registry

MOST_PEOPLE = 200
VERBS = (Action.START, Action.RESUME, Action.RETRY, Action.ABORT)


@dataclass(frozen=True)
class RightsRow:
    """Something one may do or not, with the decision about it."""

    label: str
    decision: Decision


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
    return [RightsRow(action.value.replace("_", " ").capitalize(), decide(user, action)) for action in Action]


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
