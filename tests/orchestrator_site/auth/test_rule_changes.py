"""Nobody keeps what no rule gives any more, whichever way the rule went."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from pytest_django import Settings

from orchestrator_site.auth import identities
from orchestrator_site.auth.provider.configuration import Provider, configured
from orchestrator_site.models import Identity, RoleRule
from processes.models import AuditEvent
from tests.conftest import person

pytestmark = pytest.mark.django_db
ISSUER = "https://id.example.org"


@pytest.fixture
def provider(settings: Settings) -> Provider:
    settings.OIDC_ENABLED, settings.OIDC_ISSUER, settings.OIDC_RP_CLIENT_ID = True, ISSUER, "orchestrator"
    found = configured()
    assert found is not None
    return found


@pytest.fixture
def rule(provider: Provider) -> RoleRule:
    """Whoever works at night sings in the choir."""
    return RoleRule.objects.create(value="/night", gives=Group.objects.create(name="choir"))


@pytest.fixture
def ada(provider: Provider, rule: RoleRule) -> User:
    return identities.signed_in(provider, {"sub": "1", "groups": ["/night", "/viewer", "/music"]}).user


def groups(user: User) -> list[str]:
    return sorted(user.groups.values_list("name", flat=True))


def disable(rule: RoleRule) -> None:
    rule.enabled = False
    rule.save()


def another_value(rule: RoleRule) -> None:
    rule.value = "/day"
    rule.save()


def another_claim(rule: RoleRule) -> None:
    rule.claim = "department"
    rule.save()


def delete(rule: RoleRule) -> None:
    rule.delete()


def delete_many(rule: RoleRule) -> None:
    RoleRule.objects.all().delete()


@pytest.mark.parametrize("change", [delete, delete_many, disable, another_value, another_claim])
def test_members_lose_at_once_what_only_that_rule_gave(
    ada: User, rule: RoleRule, change: Callable[[RoleRule], None]
) -> None:
    change(rule)

    event = AuditEvent.objects.get(action="user_changed", reason__startswith="The role rule")
    assert groups(ada) == ["viewer"]
    assert (event.subject_id, event.detail["changes"]) == (
        str(ada.pk),
        {"groups": {"from": ["choir", "viewer"], "to": ["viewer"]}},
    )


def test_members_keep_what_another_rule_gives(ada: User, rule: RoleRule) -> None:
    RoleRule.objects.create(value="/music", gives=rule.gives)

    rule.delete()

    assert groups(ada) == ["choir", "viewer"]
    assert not AuditEvent.objects.filter(reason__startswith="The role rule").exists()


def test_rule_that_gives_another_group_moves_the_members(ada: User, rule: RoleRule) -> None:
    rule.gives = Group.objects.create(name="orchestra")
    rule.save()

    assert groups(ada) == ["orchestra", "viewer"]


def test_group_that_is_renamed_keeps_its_members_and_its_rule(ada: User, rule: RoleRule, provider: Provider) -> None:
    Group.objects.filter(pk=rule.gives_id).update(name="singers")

    again = identities.signed_in(provider, {"sub": "1", "groups": ["/night", "/viewer"]}).user

    assert groups(again) == ["singers", "viewer"]


def test_rule_without_its_group_is_gone_with_it(ada: User, rule: RoleRule) -> None:
    rule.gives.delete()

    assert (groups(ada), RoleRule.objects.count()) == (["viewer"], 0)


def test_local_account_stays_where_an_administrator_put_it(rule: RoleRule) -> None:
    local = person("local", "choir", "operator")

    rule.delete()

    assert groups(local) == ["choir", "operator"]


def test_somebody_of_whom_nothing_is_known_loses_this_group_alone(ada: User, rule: RoleRule) -> None:
    Identity.objects.update(claims={}, directory={})

    rule.delete()

    assert groups(ada) == ["viewer"]


def test_disabled_rule_takes_nothing_with_it(ada: User, rule: RoleRule) -> None:
    """What a disabled rule named was taken when it was disabled; an administrator may have given it since."""
    disable(rule)
    ada.groups.add(rule.gives)

    rule.delete()

    assert groups(ada) == ["choir", "viewer"]


def test_site_without_a_provider_takes_nothing(ada: User, rule: RoleRule, settings: Settings) -> None:
    settings.OIDC_ENABLED = False

    rule.delete()

    assert groups(ada) == ["choir", "viewer"]
