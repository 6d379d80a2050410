"""How each status looks, and in which words."""

from enum import StrEnum

import pytest

from orchestrator_site.look.statuses import FAMILIES, STATUSES, Appearance, Tone, appearance
from processes.engine.values.status import ProcessStatus, StepStatus
from processes.queries.external_systems import SystemState
from processes.queries.fleet import EngineState, WorkerState
from products.models import ProductStatus
from subscriptions.lifecycle import SubscriptionLifecycle


@pytest.mark.parametrize("closed_set", [ProcessStatus, StepStatus, SubscriptionLifecycle, ProductStatus])
def test_every_status_has_its_own_look(closed_set: type) -> None:
    words = {str(getattr(member, "value", member)) for member in closed_set}  # type: ignore[attr-defined] # an enum

    assert words - STATUSES.keys() == set()


@pytest.mark.parametrize(
    ("family", "closed_set"), [("engine", EngineState), ("worker", WorkerState), ("system", SystemState)]
)
def test_every_family_has_a_look_for_each_of_its_statuses(family: str, closed_set: type[StrEnum]) -> None:
    assert FAMILIES[family].keys() == {member.value.lower() for member in closed_set}


def test_a_family_says_what_its_status_looks_like() -> None:
    assert appearance("running", "engine") != appearance("running")
    assert appearance("gone", "worker") == Appearance("Gone", Tone.NEUTRAL, "point")


def test_an_unknown_status_keeps_its_word() -> None:
    assert appearance("being_moved") == Appearance("Being moved", Tone.NEUTRAL, "point")
