"""Acts that ask for a stronger sign-in."""

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings

from processes.access.permissions import (
    Action,
    Decision,
    Rights,
    StepUpRequired,
    check,
    decide,
    give_rights,
)
from processes.access.step_up import highest_missing, missing_level

ADMIN = frozenset({"admin"})


@pytest.fixture(autouse=True)
def levels(settings: Settings) -> None:
    settings.ACR_VALUES = ["bronze", "silver", "gold"]
    settings.STEP_UP = {"skip": "silver", "delete": "gold", "pause": "platinum"}


@pytest.mark.parametrize(
    ("action", "acr", "missing"),
    [
        ("skip", "silver", ""),
        ("skip", "gold", ""),
        ("skip", "bronze", "silver"),
        ("skip", "", "silver"),
        ("skip", "unknown", "silver"),
        ("skip", None, ""),
        ("retry", "", ""),
        ("pause", "gold", "platinum"),
    ],
)
def test_level_that_an_act_still_asks_for(action: str, acr: str | None, missing: str) -> None:
    assert missing_level(action, acr) == missing


@pytest.mark.parametrize(("acr", "level"), [(None, ""), ("", "gold"), ("silver", "gold"), ("gold", "")])
def test_highest_level_that_is_missing(acr: str | None, level: str) -> None:
    assert highest_missing(acr) == level


def test_decision_tells_the_level() -> None:
    user = User(username="ada")
    give_rights(user, Rights(ADMIN, acr="silver"))

    assert decide(user, Action.SKIP) == Decision(allowed=True)
    assert decide(user, Action.DELETE) == Decision(
        allowed=False, reason="This requires signing in again, at the level gold.", step_up="gold"
    )


def test_check_raises_what_a_page_can_answer() -> None:
    user = User(username="ada")
    give_rights(user, Rights(ADMIN, acr=""))

    with pytest.raises(StepUpRequired, match="at the level gold") as raised:
        check(user, Action.DELETE)

    assert raised.value.acr == "gold"


@pytest.mark.django_db
def test_who_may_not_is_not_told_to_sign_in_again() -> None:
    user = User(username="ada")
    give_rights(user, Rights(frozenset({"viewer"}), acr=""))

    assert decide(user, Action.SKIP) == Decision(allowed=False, reason="This requires the role admin.")
