"""The admin lets modellers and administrators in, and shows people only to administrators."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import Client

from processes.models import AuditEvent

pytestmark = pytest.mark.django_db
BACKEND = "orchestrator_site.auth.local.LocalBackend"


@pytest.fixture
def visitor() -> Client:
    return Client()


def test_nobody_is_sent_to_the_sign_in_of_the_site(visitor: Client) -> None:
    response = visitor.get("/admin/", follow=True)

    assert response.redirect_chain[-1] == ("/sign-in/?next=/admin/", 302)


@pytest.mark.parametrize(
    ("name", "index", "people"),
    [
        ("viewer", 403, 403),
        ("operator", 403, 403),
        ("stranger", 403, 403),
        ("modeller", 200, 403),
        ("admin_user", 200, 200),
    ],
)
def test_roles_open_the_admin(
    visitor: Client, request: pytest.FixtureRequest, name: str, index: int, people: int
) -> None:
    visitor.force_login(request.getfixturevalue(name), BACKEND)

    assert visitor.get("/admin/", follow=True).status_code == index
    assert visitor.get("/admin/auth/user/", follow=True).status_code == people


def test_role_given_in_the_admin_counts_and_is_audited(visitor: Client, admin_user: User, stranger: User) -> None:
    visitor.force_login(admin_user, BACKEND)
    group = Group.objects.get(name="operator")

    response = visitor.post(
        f"/admin/auth/user/{stranger.pk}/change/",
        {
            "username": "stranger",
            "email": "",
            "is_active": "on",
            "groups": [group.pk],
            "first_name": "",
            "last_name": "",
        },
    )

    assert response.status_code == 302
    assert [found.name for found in stranger.groups.all()] == ["operator"]
    assert list(AuditEvent.objects.values_list("actor", "action", "subject_id")) == [
        ("admin", "user_changed", str(stranger.pk))
    ]


def test_rows_that_name_code_or_secrets_are_not_in_the_admin() -> None:
    shown = {model._meta.app_label for model in admin.site._registry}

    assert shown.isdisjoint({"django_q", "knox", "sessions"})
