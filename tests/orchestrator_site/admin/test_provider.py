"""Role rules in the admin, and what somebody would get by them and why."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from pytest_django import Settings

from orchestrator_site.auth import identities
from orchestrator_site.auth.provider.configuration import Provider
from orchestrator_site.models import Identity, RoleRule
from processes.models import AuditEvent
from tests.answers import page_title
from tests.contracts import page_text

pytestmark = pytest.mark.django_db
BACKEND = "orchestrator_site.auth.local.LocalBackend"
RULES, TRY = "/admin/orchestrator_site/rolerule/", "/admin/orchestrator_site/rolerule/try/"
DENIED = (403, "Permission denied · Orchestrator")
ISSUER = "https://id.example.org/realms/network"
PROVIDER = Provider(issuer=ISSUER, client_id="orchestrator", audience="orchestrator")


@pytest.fixture
def admin(admin_user: User, settings: Settings) -> Client:
    """An administrator of a site with a provider."""
    settings.OIDC_ENABLED, settings.OIDC_ISSUER, settings.OIDC_RP_CLIENT_ID = True, ISSUER, "orchestrator"
    client = Client()
    client.force_login(admin_user, BACKEND)
    return client


@pytest.fixture
def night(roles: None) -> RoleRule:
    """A rule that makes operators of those who work at night."""
    return RoleRule.objects.create(claim="groups", value="/noc", gives=Group.objects.get(name="operator"))


def lines(answer: Any) -> list[str]:
    return page_text.read(answer.content.decode()).content.lines()


def tried(admin: Client, **filled: Any) -> list[str]:
    return lines(admin.post(TRY, {"person": "", "claims": "", **filled}))


def test_rule_is_added_and_in_the_audit_trail(admin: Client) -> None:
    operator = Group.objects.get(name="operator")

    answer = admin.post(
        f"{RULES}add/",
        {"claim": "groups", "value": "/noc", "with_subgroups": "on", "gives": operator.pk, "enabled": "on", "note": ""},
    )

    assert (answer.status_code, str(RoleRule.objects.get())) == (302, "groups = /noc: operator")
    assert AuditEvent.objects.get().action == "rolerule_added"


def test_pasted_claims_are_explained(admin: Client, night: RoleRule) -> None:
    told = tried(admin, claims=json.dumps({"groups": ["/noc/night"], "realm_access": {"roles": ["viewer"]}}))

    assert any("This person would get operator, viewer." in line for line in told)
    assert f"rule {night.pk}" in " ".join(told)
    assert "yes: /noc/night" in " ".join(told)
    assert Identity.objects.count() == 0


def test_person_is_explained_by_what_the_provider_said_last(admin: Client, night: RoleRule) -> None:
    identity = identities.signed_in(PROVIDER, {"sub": "1", "preferred_username": "ada", "groups": ["/guests"]})

    told = tried(admin, person=identity.user.username)

    assert any("This person would get nothing." in line and "Without a role" in line for line in told)
    assert any("no: the claim is missing" in line for line in told)


@pytest.mark.parametrize(
    ("filled", "error"),
    [
        ({}, "Choose a person or paste claims."),
        ({"claims": "{"}, "Enter a valid JSON."),
        ({"claims": "[" * 100_000}, "Enter a valid JSON."),
        ({"claims": "[1]"}, 'Claims are a JSON object, such as {"groups": ["/noc"]}.'),
        ({"claims": json.dumps({"a": "x" * 60_000})}, "These are too many claims."),
        ({"person": "nobody"}, "The identity provider has told nothing of a user of this name."),
    ],
    ids=lambda value: str(value)[:40],
)
def test_nonsense_is_told_at_the_form(admin: Client, filled: dict[str, str], error: str) -> None:
    assert any(error in line for line in tried(admin, **filled))


def test_deep_and_odd_claims_are_no_error(admin: Client) -> None:
    odd = {"groups": [None, {"a": [1]}, 5, "\0"], "realm_access": "x", "resource_access": {"orchestrator": []}}

    assert any("This person would get nothing." in line for line in tried(admin, claims=json.dumps(odd)))


def test_site_without_a_provider_says_so(admin: Client, settings: Settings) -> None:
    settings.OIDC_ENABLED = False

    assert any("has no identity provider" in line for line in lines(admin.get(TRY)))


@pytest.mark.parametrize("address", [RULES, TRY, "/admin/orchestrator_site/identity/"])
def test_only_administrators_see_rules_and_people(modeller: User, address: str) -> None:
    client = Client()
    client.force_login(modeller, BACKEND)

    assert page_title(client.get(address)) == DENIED


def test_what_the_site_writes_is_for_reading(admin: Client) -> None:
    identity = identities.signed_in(PROVIDER, {"sub": "1", "preferred_username": "ada"})

    pages = [admin.get(f"/admin/orchestrator_site/{name}/add/").status_code for name in ("identity", "directorysync")]
    shown = admin.get(f"/admin/orchestrator_site/identity/{identity.pk}/change/")

    assert (pages, page_title(shown)[0]) == ([403, 403], 200)
    assert "preferred_username" in shown.content.decode()


def deletion(admin: Client, rule: RoleRule) -> list[str]:
    return lines(admin.get(f"{RULES}{rule.pk}/delete/"))


def test_page_of_deletion_says_who_loses_what(admin: Client, night: RoleRule) -> None:
    identities.signed_in(PROVIDER, {"sub": "1", "preferred_username": "ada", "groups": ["/noc"]})
    identities.signed_in(PROVIDER, {"sub": "2", "preferred_username": "bob", "groups": ["/noc", "operator"]})

    shown = " ".join(deletion(admin, night))
    answer = admin.post(f"{RULES}{night.pk}/delete/", {"post": "yes"})

    assert "Membership: ada in operator" in shown
    assert "Membership: bob" not in shown
    assert answer.status_code == 302
    assert list(User.objects.order_by("pk").values_list("username", "groups__name"))[1:] == [
        ("ada", None),
        ("bob", "operator"),
    ]
    assert list(AuditEvent.objects.values_list("actor", "action").order_by("pk"))[-2:] == [
        ("admin", "rolerule_deleted"),
        ("admin", "user_changed"),
    ]


@pytest.fixture
def ruling(admin: Client, admin_user: User) -> RoleRule:
    """The rule that makes the only administrator."""
    rule = RoleRule.objects.create(claim="groups", value="/board", gives=Group.objects.get(name="admin"))
    identity = identities.signed_in(PROVIDER, {"sub": "1", "preferred_username": "chair", "groups": ["/board"]})
    admin_user.groups.clear()
    admin.force_login(identity.user, BACKEND)
    return rule


def test_rule_of_the_last_administrator_cannot_be_deleted(admin: Client, ruling: RoleRule) -> None:
    shown = " ".join(deletion(admin, ruling))
    admin.post(f"{RULES}{ruling.pk}/delete/", {"post": "yes"})

    assert "Nobody else could administer this site." in shown
    assert RoleRule.objects.filter(pk=ruling.pk).exists()


@pytest.mark.parametrize("change", [{"enabled": ""}, {"value": "/others"}, {"claim": "department"}], ids=str)
def test_rule_of_the_last_administrator_cannot_be_changed(
    admin: Client, ruling: RoleRule, change: dict[str, str]
) -> None:
    filled = {"claim": "groups", "value": "/board", "with_subgroups": "on", "gives": ruling.gives_id, "enabled": "on"}
    sent = {name: value for name, value in {**filled, "note": "", **change}.items() if value or name == "note"}

    answer = admin.post(f"{RULES}{ruling.pk}/change/", sent)

    assert any("Nobody else could administer this site." in line for line in lines(answer))
    assert RoleRule.objects.get(pk=ruling.pk).enabled


def test_note_of_the_rule_of_the_last_administrator_can_be_changed(admin: Client, ruling: RoleRule) -> None:
    filled = {"claim": "groups", "value": "/board", "with_subgroups": "on", "gives": ruling.gives_id, "enabled": "on"}

    admin.post(f"{RULES}{ruling.pk}/change/", {**filled, "note": "Elected."})

    assert RoleRule.objects.get(pk=ruling.pk).note == "Elected."
