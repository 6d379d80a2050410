"""Users of the identity provider: rights of the request alone, one row a person, names as the provider tells them."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from orchestrator_site.auth import identities
from orchestrator_site.auth.provider.configuration import Provider
from orchestrator_site.models import Identity
from processes.access.permissions import Rights, rights_of, roles_of
from tests.conftest import person

ISSUER = "https://id.example.org/realms/network"
PROVIDER = Provider(issuer=ISSUER, client_id="orchestrator", audience="orchestrator")
OPERATOR = {"realm_access": {"roles": ["operator", "offline_access"]}}


def claims(**more: Any) -> dict[str, Any]:
    return {"sub": "4711", "preferred_username": "ada", **more}


@pytest.mark.django_db
def test_bearer_has_the_rights_of_its_token_and_leaves_the_groups_alone() -> None:
    """K1."""
    user = identities.signed_in(PROVIDER, claims(**OPERATOR)).user

    weak, strong = (identities.bearer(PROVIDER, claims(azp="tool", **more)) for more in ({}, OPERATOR))

    assert rights_of(weak) == Rights(client="tool", acr="")
    assert rights_of(strong) == Rights(frozenset({"operator"}), client="tool", acr="")
    assert (weak, strong, roles_of(User.objects.get())) == (user, user, frozenset({"operator"}))


@pytest.mark.django_db
def test_bearer_of_a_superuser_is_no_administrator_by_that() -> None:
    """K1."""
    identities.signed_in(PROVIDER, claims(**OPERATOR))
    User.objects.update(is_superuser=True)

    assert roles_of(identities.bearer(PROVIDER, claims())) == frozenset()


@pytest.mark.django_db
def test_token_without_a_role_makes_nobody() -> None:
    """K11."""
    user = identities.bearer(PROVIDER, claims())

    assert (user.username, user._state.adding, roles_of(user)) == ("ada", True, frozenset())
    assert (User.objects.count(), Identity.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_first_requests_at_once_make_one_person() -> None:
    """K3."""
    together = threading.Barrier(6)

    def request(_: int) -> int:
        together.wait()
        try:
            return identities.bearer(PROVIDER, claims(**OPERATOR)).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        made = set(pool.map(request, range(6)))

    assert made == {User.objects.get().pk}
    assert Identity.objects.get().user_id in made


@pytest.mark.django_db(transaction=True)
def test_people_of_one_name_who_come_at_once_are_two() -> None:
    """K3."""
    together = threading.Barrier(4)

    def request(subject: str) -> str:
        together.wait()
        try:
            return identities.bearer(PROVIDER, claims(sub=subject, **OPERATOR)).username
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        names = list(pool.map(request, ["1", "2", "3", "4"]))

    assert sorted(names) == sorted(User.objects.values_list("username", flat=True))
    assert "ada" in names


@pytest.mark.django_db
def test_names_and_mail_are_those_of_the_last_sign_in() -> None:
    """K9."""
    identities.signed_in(PROVIDER, claims(given_name="Ada", family_name="Byron", email="ada@old.example"))

    identities.signed_in(
        PROVIDER, claims(preferred_username="countess", family_name="L" * 200, email="ada@new.example")
    )

    user = User.objects.get()
    assert (user.username, user.first_name, user.last_name) == ("ada", "Ada", "L" * 150)
    assert user.email == "ada@new.example"


@pytest.mark.django_db
def test_sign_in_sets_the_roles_and_leaves_other_groups() -> None:
    user = identities.signed_in(PROVIDER, claims(**OPERATOR)).user
    user.groups.create(name="choir")

    identities.signed_in(PROVIDER, claims(groups=["/viewer", "/staff"]))

    assert sorted(user.groups.values_list("name", flat=True)) == ["choir", "viewer"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "name"),
    [
        ({"preferred_username": None}, "4711"),
        ({"preferred_username": ""}, "4711"),
        ({"preferred_username": "\0"}, "\N{REPLACEMENT CHARACTER}"),
        ({"preferred_username": "\ud800x"}, "?x"),
        ({"preferred_username": "n" * 300}, "n" * 100),
        ({"preferred_username": 5}, "5"),
    ],
    ids=ascii,
)
def test_odd_names_make_a_person_all_the_same(told: dict[str, Any], name: str) -> None:
    assert identities.signed_in(PROVIDER, claims(**told)).user.username == name


@pytest.mark.django_db
def test_local_account_of_the_same_name_is_not_taken_over() -> None:
    local = person("Ada", "admin")

    user = identities.bearer(PROVIDER, claims(email="Ada@example.org", **OPERATOR))

    assert (user.username, roles_of(local)) == ("ada-4711", frozenset({"admin"}))


@pytest.mark.django_db
def test_people_of_one_name_with_long_subjects_are_all_made() -> None:
    made = [identities.signed_in(PROVIDER, claims(sub="s" * 200 + str(number))).user for number in range(3)]

    names = [user.username for user in made]
    assert (names[0], len(set(names)), [name.startswith("ada") for name in names]) == ("ada", 3, [True] * 3)


@pytest.mark.parametrize(
    ("told", "client"),
    [
        ({"preferred_username": "service-account-robot", "azp": "robot"}, "robot"),
        ({"client_id": "robot", "sub": "robot"}, "robot"),
        ({"preferred_username": "service-account-robot", "azp": "robot", "sid": "x"}, ""),
        ({"preferred_username": "ada", "azp": "tool"}, ""),
        ({"preferred_username": "ada"}, ""),
    ],
    ids=str,
)
def test_token_of_a_program_is_known_by_its_shape(told: dict[str, Any], client: str) -> None:
    assert identities.client_of({"sub": "4711", **told}) == client


@pytest.mark.django_db
def test_program_is_an_actor_of_its_own() -> None:
    user = identities.bearer(PROVIDER, claims(preferred_username="service-account-robot", azp="robot", **OPERATOR))

    assert (user.username, Identity.objects.get().client) == ("service-account-robot", "robot")


@pytest.mark.django_db
def test_what_the_provider_said_last_is_kept_without_what_is_of_the_token() -> None:
    identities.signed_in(PROVIDER, claims(exp=1, nonce="n", groups=["/noc\0"], level=1.5, **OPERATOR))

    assert Identity.objects.get().claims == {
        "sub": "4711",
        "preferred_username": "ada",
        "groups": ["/noc\N{REPLACEMENT CHARACTER}"],
        "level": "1.5",
        **OPERATOR,
    }
