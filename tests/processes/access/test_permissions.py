"""The one decision, for every role and action there is."""

from contextlib import suppress

import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from pytest_django.fixtures import DjangoAssertNumQueries

from processes.access import permissions
from processes.access.permissions import Action, Decision, Denied
from tests.conftest import person

pytestmark = pytest.mark.django_db

READ = {"view"}
OPERATE = READ | {"start", "resume", "retry", "abort", "note", "watch"}
MODEL = READ | {"edit_catalogue", "test"}
ALL = OPERATE | MODEL | {"skip", "edit_state", "delete", "pause", "set_in_sync", "administer"}


def allowed(user: User) -> set[str]:
    return {action.value for action in Action if permissions.decide(user, action).allowed}


@pytest.mark.parametrize(
    ("roles", "actions"),
    [
        (("viewer",), READ),
        (("operator",), OPERATE),
        (("modeller",), MODEL),
        (("operator", "modeller"), OPERATE | MODEL),
        (("admin",), ALL),
        ((), set()),
        (("gardener",), set()),
    ],
)
def test_table_of_roles(roles: tuple[str, ...], actions: set[str]) -> None:
    assert allowed(person("ada", *roles)) == actions


def test_nothing_is_left_out_of_the_table() -> None:
    assert {action.value for action in Action} == ALL


def test_superuser_is_an_admin_without_a_group() -> None:
    assert allowed(User.objects.create_superuser("root")) == ALL


def test_inactive_person_may_nothing() -> None:
    user = person("ada", "admin")
    user.is_active = False

    assert allowed(user) == set()


def test_nobody_is_asked_to_sign_in() -> None:
    assert permissions.decide(AnonymousUser(), Action.VIEW) == Decision(allowed=False, reason="You are not signed in.")


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        (Action.VIEW, "This requires the role viewer or operator or modeller or admin."),
        (Action.START, "This requires the role operator or admin."),
        (Action.EDIT_CATALOGUE, "This requires the role modeller or admin."),
        (Action.PAUSE, "This requires the role admin."),
    ],
)
def test_refusal_names_who_may(stranger: User, action: Action, reason: str) -> None:
    assert permissions.decide(stranger, action) == Decision(allowed=False, reason=reason)
    with pytest.raises(Denied) as denied:
        permissions.check(stranger, action)
    assert str(denied.value) == reason


def test_check_lets_through_who_may(operator: User) -> None:
    passed = set()
    for action in Action:
        with suppress(Denied):
            permissions.check(operator, action)
            passed.add(action)

    assert passed == allowed(operator)


def test_roles_are_read_once_for_each_request(
    operator: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user = User.objects.get(pk=operator.pk)

    with django_assert_num_queries(2):  # and the grants; who signs in through the site brings both along
        for action in Action:
            permissions.decide(user, action)


def test_new_group_counts_from_the_next_request(stranger: User) -> None:
    assert allowed(stranger) == set()
    stranger.groups.add(Group.objects.get(name="viewer"))

    assert allowed(User.objects.get(pk=stranger.pk)) == READ
