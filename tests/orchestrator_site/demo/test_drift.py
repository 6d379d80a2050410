"""How drift is told."""

import pytest

from orchestrator_site.demo.drift import Difference, DriftFound, check_same

EXPECTED = {"name": "ams-pe-1", "status": "active", "description": "", "enabled": True}


def test_what_is_the_same_passes() -> None:
    check_same("node ams-pe-1", EXPECTED, {**EXPECTED, "serial": "unasked"})


def test_each_difference_reads_expected_to_actual() -> None:
    with pytest.raises(DriftFound) as found:
        check_same("node ams-pe-1", EXPECTED, {**EXPECTED, "name": "other", "description": "moved", "enabled": False})

    assert found.value.differences == (
        Difference("name", "ams-pe-1", "other"),
        Difference("description", "", "moved"),
        Difference("enabled", expected=True, actual=False),
    )
    assert str(found.value) == (
        "The inventory differs from node ams-pe-1 (expected → actual):\n"
        "  name: ams-pe-1 → other\n"
        "  description: nothing → moved\n"
        "  enabled: yes → no"
    )


def test_an_object_that_is_gone_is_said_to_be_missing() -> None:
    with pytest.raises(DriftFound, match="node ams-pe-1: present → missing"):
        check_same("node ams-pe-1", EXPECTED, None)
