"""The user of a session, with the groups, by one statement."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from orchestrator_site.auth.local import LocalBackend
from processes.access.permissions import roles_of

pytestmark = pytest.mark.django_db


def test_user_comes_with_the_groups(operator: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    operator.groups.add(Group.objects.get(name="modeller"), Group.objects.create(name="choir"))
    operator.refresh_from_db()

    with django_assert_num_queries(1):
        user = LocalBackend().get_user(operator.pk)
        roles = roles_of(user) if user else frozenset()

    assert user == operator
    assert roles == {"operator", "modeller"}
    fields = [field.attname for field in User._meta.concrete_fields]
    assert [getattr(user, field) for field in fields] == [getattr(operator, field) for field in fields]


def test_user_without_groups_has_no_roles(stranger: User) -> None:
    user = LocalBackend().get_user(stranger.pk)

    assert user is not None
    assert roles_of(user) == frozenset()


def test_user_who_is_gone_or_disabled_is_nobody(operator: User) -> None:
    User.objects.filter(pk=operator.pk).update(is_active=False)

    assert LocalBackend().get_user(operator.pk) is None
    assert LocalBackend().get_user(operator.pk + 1) is None


def test_user_who_is_disabled_is_signed_out(client: Client, operator: User) -> None:
    client.force_login(operator)
    assert client.get("/processes/").status_code == 200
    User.objects.filter(pk=operator.pk).update(is_active=False)

    answer = client.get("/processes/")

    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/processes/")
