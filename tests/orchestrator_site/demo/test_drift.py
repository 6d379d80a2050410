"""How drift is told."""

import pytest

from orchestrator_site.demo.drift import check_same
from processes.engine import Difference, Drift

EXPECTED = {"name": "ams-pe-1", "status": "active", "description": "", "enabled": True}


def drift(actual: dict[str, object]) -> Drift | None:
    try:
        check_same("node ams-pe-1", EXPECTED, actual)
    except Drift as found:
        return found
    return None


def test_what_is_the_same_passes() -> None:
    assert drift({**EXPECTED, "serial": "unasked"}) is None


def test_each_difference_reads_expected_to_actual() -> None:
    found = drift({**EXPECTED, "name": "other", "description": "moved", "enabled": False})

    assert found is not None
    assert found.differences == (
        Difference("name", "ams-pe-1", "other"),
        Difference("description", "", "moved"),
        Difference("enabled", expected=True, actual=False),
    )
    assert str(found) == (
        "Reality differs from node ams-pe-1 (expected → actual):\n"
        "  name: ams-pe-1 → other\n"
        "  description: nothing → moved\n"
        "  enabled: Yes → No"
    )


def test_an_object_that_is_gone_is_said_to_be_missing() -> None:
    with pytest.raises(Drift, match="node ams-pe-1: present → missing"):
        check_same("node ams-pe-1", EXPECTED, None)
