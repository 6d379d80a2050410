"""The rules that hold now, as each statement that needs them brings them along."""

import pytest
from django.contrib.auth.models import Group
from pytest_django import DjangoAssertNumQueries

from orchestrator_site.auth import identities
from orchestrator_site.auth.provider.configuration import Provider
from orchestrator_site.auth.roles import Rule
from orchestrator_site.auth.rules import groups_in, rules_of
from orchestrator_site.models import RoleRule
from processes.access.permissions import Action, decide, roles_of
from processes.models import AccessGrant

pytestmark = pytest.mark.django_db
PROVIDER = Provider(issuer="https://id.example.org", client_id="orchestrator", audience="orchestrator")
NOC = {"sub": "1", "azp": "tool", "groups": ["/noc"]}


def made(value: str, gives: str, **fields: object) -> RoleRule:
    return RoleRule.objects.create(value=value, gives=Group.objects.get_or_create(name=gives)[0], **fields)


def test_rules_of_the_admin_add_to_those_built_in() -> None:
    made("/noc", "operator")
    made("Music", "choir", claim="department")
    made("/noc", "choir", enabled=False)

    claims = {"groups": ["/viewer", "/noc/night"], "department": "Music"}

    assert groups_in(PROVIDER, claims) == {"viewer", "operator", "choir"}


@pytest.mark.parametrize(
    "text", ['"quotes" \\ and {"braces": [1]}', "Ελλάς \U0001f3b5 ж", "n" * 255, " a\n\tb ", "%s %(issuer)s"]
)
def test_rule_of_any_text_is_read_as_it_was_written(text: str) -> None:
    kept = made(text, text[:150], claim=text, with_subgroups=False)

    assert rules_of(PROVIDER)[-1] == Rule(text, text, text[:150], below=False, label=f"rule {kept.pk}")


def test_site_without_rules_has_those_built_in() -> None:
    assert {rule.label for rule in rules_of(PROVIDER)} == {"built in"}


def test_rule_counts_for_a_bearer_at_once() -> None:
    before = roles_of(identities.bearer(PROVIDER, NOC))
    rule = made("/noc", "operator")
    with_rule = roles_of(identities.bearer(PROVIDER, NOC))
    RoleRule.objects.filter(pk=rule.pk).update(enabled=False)
    disabled = roles_of(identities.bearer(PROVIDER, NOC))

    assert (before, with_rule, disabled) == (frozenset(), frozenset({"operator"}), frozenset())


def test_renamed_group_counts_for_a_bearer_at_once() -> None:
    rule = made("/noc", "choir")
    before = identities.bearer(PROVIDER, {**NOC, "groups": ["/noc", "viewer"]})
    Group.objects.filter(pk=rule.gives_id).update(name="operator")

    after = identities.bearer(PROVIDER, {**NOC, "groups": ["/noc", "viewer"]})

    assert (sorted(roles_of(before)), sorted(roles_of(after))) == (["viewer"], ["operator", "viewer"])


def test_bearer_of_a_group_without_a_role_is_somebody() -> None:
    made("/noc", "night shift")
    AccessGrant.objects.create(
        name="night", effect="allow", actions=["start"], condition={}, group=Group.objects.get(name="night shift")
    )

    user = identities.bearer(PROVIDER, NOC)

    assert (user.pk is not None, decide(user, Action.START).allowed) == (True, True)


def test_bearer_costs_one_statement_with_rules_and_with_none(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    made("/noc", "operator")
    identities.bearer(PROVIDER, NOC)

    with django_assert_num_queries(1):
        user = identities.bearer(PROVIDER, NOC)
        allowed = decide(user, Action.START).allowed
    with django_assert_num_queries(1):
        nobody = identities.bearer(PROVIDER, {"sub": "2"})
        refused = decide(nobody, Action.START).allowed

    assert (user.username, allowed, nobody.username, refused) == ("1", True, "2", False)
