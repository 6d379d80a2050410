"""Grants are edited in the admin, by administrators, and read before they are kept."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from processes.models import AccessGrant, AuditEvent
from subscriptions.models import Customer

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
        ({"condition": "{"}, "condition", "Enter valid JSON: it "),
        (
            {"condition": '{"customer": ["A"], "customer": ["B"]}'},
            "condition",
            "Enter valid JSON: it names “customer” twice",
        ),
        ({"condition": "[]"}, "condition", "condition: a mapping is expected"),
        ({"condition": "null"}, "condition", "condition: a mapping is expected"),
        ({"condition": "false"}, "condition", "condition: a mapping is expected"),
        ({"condition": "[" * 100_000}, "condition", "Enter valid JSON: it "),
        ({"actions": []}, "actions", "This field is required."),
        ({"actions": ["administer"]}, "actions", "Select a valid choice."),
        ({"effect": "perhaps"}, "effect", "Select a valid choice."),
    ],
)
def test_nonsense_is_refused_at_the_field(given: dict[str, Any], field: str, told: str, admin_user: User) -> None:
    answer = client_of(admin_user).post(f"{BASE}add/", filled(**given))

    assert answer.context["adminform"].form.errors[field][0].startswith(told)
    assert not AccessGrant.objects.exists()


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ({"customer": ["surf"]}, ["Customer surf matches nothing."]),
        ({"workflow": ["nonexistent", "create_*"]}, ["Workflow create_* matches nothing.", "Workflow nonexistent m"]),
        ({"target": ["nope"]}, ["Target nope matches nothing."]),
        ({"not": {"subscription": ["x"]}}, ["Subscription x matches nothing."]),
        ({"any": [{"product": ["*_x"]}]}, ["Product *_x matches nothing; a * stands for more only at the end."]),
        ({"owner": ["eve"], "own": True}, ["Owner eve matches nothing."]),
        ({"customer": ["SURF", "Su*"], "owner": ["adm*", "admin"]}, []),
    ],
)
def test_values_that_nothing_has_are_told(condition: dict[str, Any], told: list[str], admin_user: User) -> None:
    """A typing error made a deny that denied nobody."""
    Customer.objects.create(fullname="Surf", shortcode="SURF")

    page: Any = client_of(admin_user).post(f"{BASE}add/", filled(condition=json.dumps(condition)), follow=True)

    said = [str(one) for one in page.context["messages"] if "matches nothing" in str(one)]
    assert AccessGrant.objects.get().condition == condition
    assert len(said) == len(told)
    assert all(one.startswith(begin) for one, begin in zip(said, told, strict=True))


def test_an_empty_condition_starts_and_stays_empty(admin_user: User) -> None:
    """The field began with the text null."""
    client = client_of(admin_user)
    client.post(f"{BASE}add/", filled())
    fresh, saved = (
        client.get(url).context["adminform"].form["condition"].value()
        for url in (f"{BASE}add/", f"{BASE}{AccessGrant.objects.get().pk}/change/")
    )

    assert (fresh, saved, AccessGrant.objects.get().condition) == ("", "", {})


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
