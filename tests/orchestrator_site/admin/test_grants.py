"""Grants are edited in the admin, by administrators, and read before they are kept."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from processes.models import AccessGrant, AuditEvent

pytestmark = pytest.mark.django_db
BACKEND = "orchestrator_site.auth.local.LocalBackend"
BASE = "/admin/processes/accessgrant/"


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def filled(**more: Any) -> dict[str, Any]:
    return {"name": "orders", "effect": "only", "actions": ["start"], "condition": "", "enabled": "on", **more}


def test_grant_is_added_changed_and_deleted_with_a_trail(admin_user: User) -> None:
    client = client_of(admin_user)

    client.post(f"{BASE}add/", filled(condition='{"customer": ["SURF"]}'))
    grant = AccessGrant.objects.get()
    client.post(f"{BASE}{grant.pk}/change/", filled(condition='{"customer": ["SURF"]}', effect="deny"))
    listed = client.get(BASE).content.decode()
    client.post(f"{BASE}{grant.pk}/delete/", {"post": "yes"})

    assert (grant.condition, grant.actions, grant.source) == ({"customer": ["SURF"]}, ["start"], "admin")
    assert "customer SURF" in listed
    assert list(AuditEvent.objects.values_list("action", "detail"))[1:] == [
        ("grant_changed", {"name": "orders", "changes": {"effect": {"from": "only", "to": "deny"}}}),
        ("grant_deleted", {"name": "orders"}),
    ]


@pytest.mark.parametrize(
    ("given", "field", "told"),
    [
        ({"condition": '{"colour": 1}'}, "condition", "condition.colour: this name is unknown"),
        ({"condition": "{"}, "condition", "Enter a valid JSON."),
        ({"condition": "[" * 100_000}, "condition", "Enter a valid JSON."),
        ({"condition": '{"own": true, "own": false}'}, "condition", "Enter a valid JSON."),
        ({"actions": []}, "actions", "This field is required."),
        ({"actions": ["administer"]}, "actions", "Select a valid choice."),
        ({"effect": "perhaps"}, "effect", "Select a valid choice."),
    ],
)
def test_nonsense_is_refused_at_the_field(given: dict[str, Any], field: str, told: str, admin_user: User) -> None:
    answer = client_of(admin_user).post(f"{BASE}add/", filled(**given))

    assert answer.context["adminform"].form.errors[field][0].startswith(told)
    assert not AccessGrant.objects.exists()


def test_grant_of_a_file_is_changed_in_the_file_alone(admin_user: User) -> None:
    grant = AccessGrant.objects.create(name="a", effect="deny", actions=["start"], source="x.yaml")
    client = client_of(admin_user)

    statuses = [
        client.post(f"{BASE}{grant.pk}/{verb}/", filled(post="yes")).status_code for verb in ("change", "delete")
    ]

    assert statuses == [403, 403]
    assert AccessGrant.objects.get().name == "a"


@pytest.mark.parametrize("name", ["viewer", "operator", "modeller", "stranger"])
def test_only_administrators_see_grants(name: str, request: pytest.FixtureRequest) -> None:
    client = client_of(request.getfixturevalue(name))

    assert [client.get(path, follow=True).status_code for path in (BASE, f"{BASE}add/")] == [403, 403]
    assert client.post(f"{BASE}add/", filled(), follow=True).status_code == 403
    assert not AccessGrant.objects.exists()
