"""What the claims of somebody give, and why."""

from typing import Any

import pytest
from django.contrib.auth.models import Group

from orchestrator_site.auth import identities
from orchestrator_site.auth.provider.configuration import Provider
from orchestrator_site.auth.roles import Grant, Rule, built_in, granted, groups_in, values_at
from orchestrator_site.models import RoleRule
from processes.access.permissions import roles_of

PROVIDER = Provider(issuer="https://id.example.org", client_id="orchestrator", audience="orchestrator")


@pytest.mark.parametrize(
    ("claims", "path", "values"),
    [
        ({"groups": ["/noc", "/guests"]}, "groups", ["/noc", "/guests"]),
        ({"groups": "noc"}, "groups", ["noc"]),
        ({"realm_access": {"roles": ["viewer", 5, None, {}, ""]}}, "realm_access.roles", ["viewer", "5"]),
        ({"resource_access": {"my.client": {"roles": ["a"]}}}, "resource_access.my.client.roles", ["a"]),
        ({"https://example.org/roles": ["a"]}, "https://example.org/roles", ["a"]),
        ({"email_verified": True}, "email_verified", ["True"]),
        ({"groups": {"a": 1}}, "groups", []),
        ({"realm_access": ["roles"]}, "realm_access.roles", []),
        ({}, "groups", []),
    ],
    ids=str,
)
def test_values_at_a_path(claims: dict[str, Any], path: str, values: list[str]) -> None:
    assert values_at(claims, path) == values


@pytest.mark.parametrize(
    ("rule", "groups", "matched"),
    [
        (Rule("groups", "/noc", "operator"), ["/noc"], "/noc"),
        (Rule("groups", "noc", "operator"), ["/noc"], "/noc"),
        (Rule("groups", "/noc", "operator"), ["/noc/night"], ""),
        (Rule("groups", "/noc", "operator", below=True), ["/x", "/noc/night"], "/noc/night"),
        (Rule("groups", "/noc", "operator", below=True), ["/nocturnal"], ""),
        (Rule("groups", "operator", "operator"), ["/teams/operator"], ""),
    ],
    ids=str,
)
def test_rule_fits_a_group_and_those_inside(rule: Rule, groups: list[str], matched: str) -> None:
    assert rule.matched({"groups": groups}) == matched


def test_grant_tells_rule_and_value() -> None:
    rules = built_in(PROVIDER)
    claims = {"realm_access": {"roles": ["viewer"]}, "resource_access": {"other": {"roles": ["admin"]}}}

    assert granted(rules, claims) == [Grant(Rule("realm_access.roles", "viewer", "viewer"), "viewer")]


def test_prefix_is_part_of_the_built_in_names() -> None:
    prefixed = Provider(issuer="i", client_id="orchestrator", audience="a", role_prefix="orch-")

    given = [grant.rule.gives for grant in granted(built_in(prefixed), {"groups": ["orch-viewer", "operator"]})]

    assert given == ["viewer"]


@pytest.mark.django_db
def test_rules_of_the_admin_add_to_those_built_in() -> None:
    operator, choir = (Group.objects.get_or_create(name=name)[0] for name in ("operator", "choir"))
    RoleRule.objects.create(claim="groups", value="/noc", gives=operator)
    RoleRule.objects.create(claim="department", value="Music", gives=choir)
    RoleRule.objects.create(claim="groups", value="/noc", gives=choir, enabled=False)

    claims = {"groups": ["/viewer", "/noc/night"], "department": "Music"}

    assert groups_in(PROVIDER, claims) == {"viewer", "operator", "choir"}


@pytest.mark.django_db
def test_group_that_a_rule_gives_is_taken_away_by_the_next_sign_in() -> None:
    choir = Group.objects.create(name="choir")
    RoleRule.objects.create(claim="department", value="Music", gives=choir)
    user = identities.signed_in(PROVIDER, {"sub": "1", "department": "Music", "groups": ["viewer"]}).user
    before = sorted(user.groups.values_list("name", flat=True))

    identities.signed_in(PROVIDER, {"sub": "1", "groups": ["viewer"]})

    assert (before, sorted(user.groups.values_list("name", flat=True))) == (["choir", "viewer"], ["viewer"])


@pytest.mark.django_db
def test_rule_counts_for_a_bearer_at_once() -> None:
    claims = {"sub": "1", "azp": "tool", "groups": ["/noc"]}
    before = roles_of(identities.bearer(PROVIDER, claims))
    RoleRule.objects.create(value="/noc", gives=Group.objects.get_or_create(name="operator")[0])

    assert (before, roles_of(identities.bearer(PROVIDER, claims))) == (frozenset(), frozenset({"operator"}))
