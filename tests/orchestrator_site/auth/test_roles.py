"""What the claims of somebody give, and why."""

from typing import Any

import pytest

from orchestrator_site.auth.provider.configuration import Provider
from orchestrator_site.auth.roles import Grant, Rule, built_in, given, granted, values_at

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

    assert given(built_in(prefixed), {"groups": ["orch-viewer", "operator"]}) == {"viewer"}
