"""Names of people that nobody may have."""

import pytest

from orchestrator_site.auth.names import reason_against

SYSTEM = "This name stands for the system itself."
MIXED = "A name is written in one alphabet; letters of another may look the same."


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("SYSTEM", SYSTEM),
        ("System", SYSTEM),
        ("\uff33YSTEM", SYSTEM),
        ("anonymous", SYSTEM),
        ("engine", SYSTEM),
        ("\u043eperator", MIXED),
        ("\u03bfperator", MIXED),
        ("ada", ""),
        ("zoë.3", ""),
        ("\u043e\u043b\u044c\u0433\u0430", ""),
        ("system-administrator", ""),
        ("12", ""),
    ],
)
def test_name_is_fit_or_it_is_told_why_not(name: str, reason: str) -> None:
    assert reason_against(name) == reason
