"""The admin lets modellers and administrators in, and shows people only to administrators."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.test import Client

from processes.models import AuditEvent
from tests.answers import page_title

pytestmark = pytest.mark.django_db
DENIED = (403, "Permission denied · Orchestrator")
INDEX = (200, "Site administration | Orchestrator")
PEOPLE = (200, "Select user to change | Orchestrator")
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
        ("viewer", DENIED, DENIED),
        ("operator", DENIED, DENIED),
        ("stranger", DENIED, DENIED),
        ("modeller", INDEX, DENIED),
        ("admin_user", INDEX, PEOPLE),
    ],
)
def test_roles_open_the_admin(
    visitor: Client, request: pytest.FixtureRequest, name: str, index: tuple[int, str], people: tuple[int, str]
) -> None:
    visitor.force_login(request.getfixturevalue(name), BACKEND)

    answers = [visitor.get(path, follow=True) for path in ("/admin/", "/admin/auth/user/")]

    assert [page_title(answer) for answer in answers] == [index, people]


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
