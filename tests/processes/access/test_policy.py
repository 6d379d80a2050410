"""Roles and grants together: what is decided of one object, and which rows are seen, are the same answer."""

from copy import copy
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django.fixtures import DjangoAssertNumQueries

from processes.access.kinds import Intended, ObjectFacts, Ref
from processes.access.permissions import Action, Rights, Scope, decide, give_rights, visible
from processes.engine.binding import Subject
from processes.engine.values.status import ProcessStatus
from processes.models import AccessGrant, Process, ProcessSubject
from processes.plugins import registry
from subscriptions.models import Customer, Subscription, SubscriptionVersion
from tests.conftest import person
from tests.factories import site as factory

pytestmark = pytest.mark.django_db


def grant(effect: str, *actions: str, where: dict[str, Any] | None = None, to: str = "", who: Any = None) -> None:
    group = Group.objects.get_or_create(name=to)[0] if to else None
    AccessGrant.objects.create(
        name=f"g{AccessGrant.objects.count()}", effect=effect, actions=list(actions), condition=where or {},
        group=group, person=who,
    )  # fmt: skip


def workflow(name: str, target: str = "create") -> ObjectFacts:
    return ObjectFacts({"workflow": frozenset({name}), "target": frozenset({target})}, open=True)


def may(user: User, action: str, subject: object = None) -> bool:
    return decide(User.objects.get(pk=user.pk), Action(action), subject).allowed


def test_without_grants_roles_decide_and_nothing_is_read(
    operator: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = User.objects.prefetch_related("groups").get(pk=operator.pk)
    decide(user, Action.VIEW)

    with django_assert_num_queries(0):
        decision = decide(user, Action.START, workflow("a"))
        rows = Process.objects.all()
        seen = visible(rows, user)

    assert (decision.allowed, decision.because) == (True, "role operator")
    assert seen is rows


def test_only_narrows_what_a_role_gives(operator: User) -> None:
    grant("only", "start", where={"workflow": ["create_node"]}, to="operator")
    grant("only", "start", where={"workflow": ["modify_*"]}, to="operator")

    assert may(operator, "start", workflow("create_node"))
    assert may(operator, "start", workflow("modify_port"))
    assert not may(operator, "start", workflow("create_port"))
    assert may(operator, "retry", workflow("create_port"))
    assert decide(operator, Action.START, workflow("create_port")).reason == (
        "You may do this only where: workflow create_node; or workflow modify_*."
    )


def test_only_gives_nothing_without_a_role(viewer: User) -> None:
    grant("only", "start", where={"workflow": ["create_node"]})

    assert not may(viewer, "start", workflow("create_node"))


def test_allow_gives_beyond_the_role(viewer: User) -> None:
    grant("allow", "start", where={"workflow": ["create_node"]}, who=viewer)

    assert may(viewer, "start", workflow("create_node"))
    assert not may(viewer, "start", workflow("create_port"))
    assert may(viewer, "start"), "there is something to start"
    assert decide(viewer, Action.START, workflow("create_node")).because == "grant g0"


def test_deny_wins(operator: User) -> None:
    grant("allow", "start", who=operator)
    grant("deny", "start", where={"target": ["terminate"]}, to="operator")

    assert not may(operator, "start", workflow("x", "terminate"))
    assert may(operator, "start", workflow("x", "create"))
    assert decide(operator, Action.START, workflow("x", "terminate")).reason == (
        "The grant g1 denies this (target terminate)."
    )


def test_administrators_are_never_locked_out(admin_user: User) -> None:
    grant("deny", "view", "start")
    grant("only", "view", where={"own": True})

    assert may(admin_user, "view", workflow("x"))
    assert may(admin_user, "administer")


def test_grants_of_other_people_groups_and_disabled_ones_do_not_count(operator: User, viewer: User) -> None:
    grant("deny", "view", who=viewer)
    grant("deny", "view", to="night shift")
    grant("deny", "view")
    AccessGrant.objects.filter(group=None, person=None).update(enabled=False)

    assert may(operator, "view")


def test_group_that_a_bearer_vouches_for_counts(viewer: User) -> None:
    grant("allow", "start", to="night shift")
    user = User.objects.get(pk=viewer.pk)
    give_rights(user, Rights(frozenset({"night shift"})))

    assert decide(user, Action.START).allowed
    assert not decide(user, Action.VIEW).allowed


@pytest.mark.parametrize("nobody", [User(username="roleless"), AnonymousUser()], ids=["bearer", "anonymous"])
def test_who_is_stored_nowhere_has_the_grants_of_no_group(nobody: Any, viewer: User) -> None:
    """A person without a key was taken for the missing person of every grant to a group."""
    factory.process(ProcessStatus.FAILED)
    grant("allow", "view", "start", to="night shift")
    user = copy(nobody)
    give_rights(user, Rights())

    assert not decide(user, Action.START).allowed
    assert not decide(user, Action.VIEW, Process.objects.get()).allowed
    assert not visible(Process.objects.all(), user).exists()


@pytest.mark.parametrize(("effect", "allowed"), [("allow", False), ("only", False), ("deny", False)])
def test_grant_that_cannot_be_read_gives_nothing(effect: str, allowed: bool, operator: User, viewer: User) -> None:
    grant(effect, "start", where={"nonsense": 1})

    assert may(viewer, "start") is allowed
    if effect != "allow":
        assert not may(operator, "start", workflow("x"))


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        (Scope.READ, {"view", "watch"}),
        (Scope.ACT, {action.value for action in Action} - {"edit_catalogue", "administer"}),
        (Scope.ALL, {action.value for action in Action}),
    ],
)
def test_scope_of_a_token_holds_for_administrators_too(scope: Scope, allowed: set[str], admin_user: User) -> None:
    give_rights(admin_user, Rights(frozenset({"admin"}), scope=scope))

    assert {action.value for action in Action if decide(admin_user, action).allowed} == allowed


NOW = datetime(2026, 1, 1, tzinfo=UTC)
WORLD: tuple[tuple[str, str, str], ...] = (("SURF", "create_node", "ada"), ("ESNET", "modify_node", "bob"))


@pytest.fixture
def world(roles: None) -> User:
    """Two customers with a subscription and a process each, and a process that is about nothing."""
    for shortcode, workflow_name, owner in WORLD:
        subscription = factory.subscription(factory.product(f"node {shortcode}"), shortcode)
        subscription.customer = Customer.objects.get_or_create(
            shortcode=shortcode, defaults={"fullname": f"{shortcode} Ltd"}
        )[0]
        subscription.save()
        SubscriptionVersion.objects.create(subscription=subscription, number=1, at=NOW, by=owner, header={}, tree=None)
        process = factory.process(ProcessStatus.RUNNING, created_by=owner)
        factory.workflow_version(workflow_name)
        Process.objects.filter(pk=process.pk).update(workflow_name=workflow_name)
        ProcessSubject.objects.create(process=process, kind="subscription", subject_id=str(subscription.pk))
    factory.process(ProcessStatus.FAILED, is_task=True, created_by="ada")
    return person("ada", "viewer")


def start_of(user: User, *customers: str) -> bool:
    """Whether the user may start something on the subscriptions of these customers."""
    rows = Subscription.objects.filter(customer__shortcode__in=customers)
    about = [Subject("subscription", str(row.pk), row.description) for row in rows]
    return may(user, "start", Intended(registry.get("modify_note"), about, user.username))


def test_who_may_not_see_a_subscription_starts_nothing_on_it(world: User, operator: User) -> None:
    grant("deny", "view", where={"customer": ["ESNET"]})

    assert (start_of(operator, "SURF"), start_of(operator, "ESNET"), start_of(operator)) == (True, False, True)


def test_start_must_be_allowed_on_each_of_its_subscriptions(world: User, operator: User) -> None:
    grant("only", "start", where={"customer": ["SURF"]})

    assert (start_of(operator, "SURF"), start_of(operator, "SURF", "ESNET")) == (True, False)


def test_own_speaks_of_who_ordered_what_a_start_is_about(world: User) -> None:
    grant("allow", "start", where={"own": True})

    assert (start_of(world, "SURF"), start_of(world, "ESNET"), start_of(world)) == (True, False, True)


LEAVES = st.sampled_from(
    [
        {"customer": ["SURF"]},
        {"customer": ["E*"]},
        {"workflow": ["create_node"]},
        {"workflow": ["*"]},
        {"target": ["create", "modify"]},
        {"product_type": ["Node", "X"]},
        {"own": True},
        {"own": False},
        {"subscription": [str(uuid4())]},
        {},
    ]
)
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: {"all": parts})
        | st.lists(inner, max_size=3).map(lambda parts: {"any": parts})
        | inner.map(lambda part: {"not": part})
    ),
    max_leaves=6,
)
GRANTS = st.lists(st.tuples(st.sampled_from(["allow", "only", "deny"]), TREES), min_size=1, max_size=4)


@given(grants=GRANTS, has_role=st.booleans())
@settings(max_examples=75, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_rows_that_are_seen_are_those_that_may_be_seen(
    world: User, grants: list[tuple[str, dict[str, Any]]], has_role: bool
) -> None:
    AccessGrant.objects.all().delete()
    for effect, condition in grants:
        grant(effect, "view", where=condition)
    user = User.objects.get(pk=world.pk)
    give_rights(user, Rights(frozenset({"viewer"} if has_role else ())))

    for kind, model in (("process", Process), ("subscription", Subscription), ("customer", Customer)):
        rows: Any = model._default_manager.all()
        seen = set(visible(rows, user).values_list("pk", flat=True))
        allowed = {
            key for key in rows.values_list("pk", flat=True) if decide(user, Action.VIEW, Ref(kind, key)).allowed
        }
        assert seen == allowed, kind


def test_object_that_is_not_seen_is_not_acted_upon(world: User) -> None:
    grant("only", "view", where={"customer": ["SURF"]})
    operator = person("olga", "operator")
    theirs = Process.objects.get(workflow_name="create_node")
    others = Process.objects.get(workflow_name="modify_node")

    assert may(operator, "retry", theirs)
    assert not may(operator, "retry", others)
