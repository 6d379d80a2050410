"""The arithmetic from "N times orchestrator-core" to a share of a floor, as docs/benchmarks.md tells it."""

import pytest

from tests.benchmarks import budgets
from tests.benchmarks.report import Budget


@pytest.mark.parametrize(
    ("budget", "must", "aim"),
    [
        (budgets.HTTP_PEER, 0.35, 0.72),
        (budgets.STARTS, 0.12, 0.31),
        (budgets.STARTS_CELERY, 0.18, 0.36),
        (budgets.LATENCY, 19.92, 9.96),
        (budgets.CHANGE, 0.07, 0.13),
        (budgets.LIST, 0.21, 0.42),
        (budgets.TREE, 0.28, 0.44),
        (budgets.PROCESSES, 0.30, 0.59),
    ],
)
def test_shares_of_floors(budget: Budget, must: float, aim: float) -> None:
    assert [budget.must, budget.aim] == pytest.approx([must, aim], abs=0.005)
