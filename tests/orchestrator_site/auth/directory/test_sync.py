"""The directory is taken over: hierarchy, pages, partial failure, people who are disabled or gone."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from orchestrator_site.auth.directory import keycloak
from orchestrator_site.auth.directory.sync import AlreadyRunning, Result, sync
from orchestrator_site.auth.provider.configuration import configured
from orchestrator_site.models import DirectorySync, Identity, ProviderSession, RoleRule
from processes.access.permissions import roles_of
from processes.models import AuditEvent
from tests.fakes.directory import Directory, Entry
from tests.fakes.identity_provider import IdentityProvider
from tests.orchestrator_site.auth.conftest import through_provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def directory(provider: IdentityProvider, settings: Settings) -> Directory:
    settings.OIDC_DIRECTORY = True
    return provider.directory


def run() -> Result:
    provider = configured()
    assert provider is not None
    return sync(provider)


def roles(name: str) -> frozenset[str]:
    return roles_of(User.objects.get(username=name))


def test_people_get_what_groups_and_roles_give_them(directory: Directory) -> None:
    RoleRule.objects.create(value="/noc", gives=Group.objects.get_or_create(name="operator")[0])
    directory.people = {
        "1": Entry("olga", groups=["/noc/night"], last_name="Night"),
        "2": Entry("vera", own=["viewer"]),
        "3": Entry("mo", realm=["modeller"]),
        "4": Entry("noel"),
    }

    result = run()

    assert result == Result(seen=4, changed=3)
    assert {name: roles(name) for name in ("olga", "vera", "mo")} == {
        "olga": {"operator"},
        "vera": {"viewer"},
        "mo": {"modeller"},
    }
    assert User.objects.get(username="olga").last_name == "Night"
    assert not User.objects.filter(username="noel").exists()


def test_second_run_changes_nothing(directory: Directory) -> None:
    directory.people = {"1": Entry("olga", realm=["operator"])}
    run()

    assert run() == Result(seen=1)


@pytest.fixture
def three_pages(directory: Directory, monkeypatch: pytest.MonkeyPatch) -> Directory:
    """People on two full pages and a part of a third one."""
    monkeypatch.setattr(keycloak, "PAGE", 10)
    directory.people = {str(number): Entry(f"p{number}", realm=["viewer"]) for number in range(25)}
    return directory


def test_every_page_is_read(three_pages: Directory) -> None:
    assert run() == Result(seen=25, changed=25)


@pytest.mark.parametrize(("broken", "seen", "failed"), [("users/1/groups", 24, 1), ("users?first=10", 15, 1)])
def test_what_cannot_be_read_leaves_the_rest(three_pages: Directory, broken: str, seen: int, failed: int) -> None:
    directory = three_pages
    run()
    directory.broken = {broken}
    for entry in directory.people.values():
        entry.realm = ["operator"]

    result = run()

    assert result == Result(seen=seen, changed=seen, failed=failed)
    assert Group.objects.get(name="viewer").user_set.count() == 25 - seen


def test_disabled_person_loses_roles_and_sessions(
    directory: Directory, provider: IdentityProvider, visitor: Client
) -> None:
    provider.person |= {"realm_access": {"roles": ["viewer"]}}
    through_provider(visitor)
    directory.people = {"4711": Entry("ada", realm=["viewer"], enabled=False)}

    result = run()

    assert result == Result(seen=1, closed=1)
    assert (roles("ada"), ProviderSession.objects.count()) == (frozenset(), 0)
    assert visitor.get("/processes/")["Location"] == "/sign-in/?next=/processes/"
    assert AuditEvent.objects.get(action="user_closed").actor == "directory"


def test_person_who_is_gone_is_closed_and_a_program_is_not(directory: Directory) -> None:
    directory.people = {"1": Entry("olga", realm=["operator"]), "2": Entry("robot", realm=["operator"])}
    run()
    Identity.objects.filter(subject="2").update(client="robot")
    directory.people = {"3": Entry("vera")}

    result = run()

    assert result == Result(seen=1, closed=1)
    assert (roles("olga"), roles("robot")) == (frozenset(), frozenset({"operator"}))


def test_person_whom_the_pages_skip_keeps_everything(
    directory: Directory, provider: IdentityProvider, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody listed before was removed while the pages were read, so the next ones moved up."""
    monkeypatch.setattr(keycloak, "PAGE", 2)
    directory.people = {str(number): Entry(f"p{number}", realm=["viewer"]) for number in range(5)}
    run()
    directory.removes = ["0"]

    result = run()

    assert "2" in Identity.objects.values_list("subject", flat=True)
    assert (result.seen, result.closed, roles("p2"), roles("p0")) == (
        4,
        0,
        frozenset({"viewer"}),
        frozenset({"viewer"}),
    )
    assert run().closed == 1


def test_sign_in_whose_token_has_no_groups_keeps_those_of_the_directory(
    directory: Directory, provider: IdentityProvider, visitor: Client
) -> None:
    directory.people = {"4711": Entry("ada", groups=["/operator"])}
    run()

    through_provider(visitor)

    assert roles("ada") == {"operator"}


def test_directory_that_forbids_changes_nothing(directory: Directory) -> None:
    directory.people = {"1": Entry("olga", realm=["operator"])}
    run()
    directory.forbids = True

    result = run()

    assert result.error == "The service account may not read the directory: give it view-users and query-groups."
    assert (roles("olga"), DirectorySync.objects.latest("pk").error) == (frozenset({"operator"}), result.error)


def test_directory_that_lists_nobody_is_not_believed(directory: Directory) -> None:
    directory.people = {"1": Entry("olga", realm=["operator"])}
    run()
    directory.people = {}

    result = run()

    assert result == Result(error="The directory lists nobody: the service account may lack the role view-users.")
    assert roles("olga") == {"operator"}


def test_silent_directory_changes_nothing(directory: Directory, provider: IdentityProvider) -> None:
    directory.people = {"1": Entry("olga", realm=["operator"])}
    run()
    provider.fails_with = 503

    assert (run().error, roles("olga")) == ("The identity provider is not responding.", frozenset({"operator"}))


def test_one_sync_runs_at_a_time(directory: Directory) -> None:
    DirectorySync.objects.create(started_at=timezone.now())

    with pytest.raises(AlreadyRunning):
        run()


def test_command_tells_what_was_done(directory: Directory, capsys: Any) -> None:
    directory.people = {"1": Entry("olga", realm=["operator"])}

    call_command("sync_directory")

    assert capsys.readouterr().out == "1 people read, 1 changed, 0 closed, 0 not read.\n"


def test_command_fails_without_a_provider_and_with_an_error(
    directory: Directory, settings: Settings, capsys: Any
) -> None:
    directory.forbids = True
    with pytest.raises(CommandError, match="may not read the directory"):
        call_command("sync_directory")
    settings.OIDC_ENABLED = False

    with pytest.raises(CommandError, match="OIDC_ISSUER is not set"):
        call_command("sync_directory")
