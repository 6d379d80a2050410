"""The history of a subscription: what each version changed."""

from typing import Any

import pytest

from subscriptions.queries.history import history
from tests.factories import subscriptions as make

pytestmark = pytest.mark.usefixtures("offered")


def test_changes_stand_in_the_order_of_the_model() -> None:
    node = make.node()
    node.node.tags, node.node.node_status, node.node.node_name = ["x", "y"], "active", "ams-9"
    node.note, node.description = "later", "another"
    node = make.changed(node)

    (row, *_) = history(node.subscription_id)

    assert [change.path for change in row.changes] == [
        "description", "note", "node.node_name", "node.node_status", "node.tags[0]", "node.tags[1]", "node.title",
    ]  # fmt: skip


def test_a_product_without_blocks_has_a_history_too() -> None:
    make.catalogue(f"{make.CATALOGUE}  - {{name: contract, description: Paper, product_type: Contract, tag: C}}\n")
    contract = make.minted("contract")
    contract.note = "signed"
    contract = make.changed(contract)

    (row, first) = history(contract.subscription_id)

    assert [(change.path, change.after) for change in row.changes] == [("note", "signed")]
    assert first.changes == ()


def test_blocks_that_come_and_go_are_told() -> None:
    node = make.node()
    circuit = make.circuit(make.port(node, "1"), make.port(node, "2"))
    circuit.circuit.append_block("extra")
    circuit = make.changed(circuit)
    circuit.circuit.extra = None
    circuit = make.changed(circuit)

    gone, came = history(circuit.subscription_id)[:2]

    assert [(one.path, one.before, one.after) for one in came.changes] == [("circuit.extra", None, "Extra")]
    assert [(one.path, one.before, one.after) for one in gone.changes] == [("circuit.extra", "Extra", None)]


@pytest.mark.parametrize("versions", [1, 3, 30])
def test_history_takes_one_query(versions: int, django_assert_num_queries: Any) -> None:
    node = make.node()
    for number in range(versions):
        node.node.ims_id = number + 100
        node = make.changed(node)

    with django_assert_num_queries(1):
        rows = history(node.subscription_id)

    assert rows[0].changes[0].after == versions + 99
