"""An integration orders a node and a port over REST alone, on both databases, and the inventory agrees."""

import time
from typing import Any

import httpx2
import pytest

from tests.e2e.demo import Demo, answer, report, until, wait_for

pytestmark = pytest.mark.demo
TEN_SECONDS = 10


def product(client: httpx2.Client, name: str) -> dict[str, str]:
    found = {each["name"]: each["product_id"] for each in client.get("products/").json()}
    return {"product": found[name]}


def bootstrapped(client: httpx2.Client) -> None:
    """Wait for the task that fills the inventory; a form has no choices before."""

    def done() -> bool:
        tasks = client.get("processes/", params={"workflow": "bootstrap"}).json()
        return "completed" in [each["last_status"] for each in tasks]

    until(done)


def order(client: httpx2.Client, workflow: str, first: dict[str, Any], wishes: dict[str, Any]) -> dict[str, Any]:
    """Order, wait, and give the subscription as a tree."""
    began = time.monotonic()
    process = wait_for(client, answer(client, workflow, first, wishes))
    assert process["last_status"] == "completed", report(process)
    assert time.monotonic() - began < TEN_SECONDS
    subscription_id = process["current_state"]["subscription_id"]
    return dict(client.get(f"subscriptions/domain-model/{subscription_id}").json())


def test_node_and_port_are_delivered_and_the_inventory_agrees(either_demo: Demo) -> None:
    with either_demo.rest() as client, either_demo.inventory() as inventory:
        bootstrapped(client)

        node = order(client, "create_node", product(client, "node Nokia"), {"node_name": "ams-pe-1"})
        port = order(
            client, "create_port", product(client, "port 10G"), {"node_subscription_id": node["subscription_id"]}
        )

        device = inventory.get(f"api/dcim/devices/{node['node']['ims_id']}/").json()
        interface = inventory.get(f"api/dcim/interfaces/{port['port']['ims_id']}/").json()
        assert [(each["status"], each["insync"]) for each in (node, port)] == [("active", True)] * 2
        assert (device["name"], device["asset_tag"]) == ("ams-pe-1", node["subscription_id"])
        assert (interface["enabled"], interface["device"]["id"]) == (True, device["id"])
        assert interface["name"] == port["port"]["port_name"]


def test_start_that_cannot_be_is_refused_with_reasons(either_demo: Demo) -> None:
    with either_demo.rest() as client, either_demo.rest("viewer") as viewer:
        bootstrapped(client)
        unknown = client.post("processes/make_tea", json=[])
        nobody = viewer.post("processes/create_node", json=[product(client, "node Nokia")])
        wrong = client.post("processes/create_node", json=[product(client, "node Nokia"), {"node_name": 7, "x": 1}])
        no_product = client.post("processes/create_node", json=[{"product": "00000000-0000-0000-0000-000000000000"}])
        no_list = client.post("processes/create_node", json={"product": 1})

    named = {error["loc"][0] for error in wrong.json()["validation_errors"]}
    assert [each.status_code for each in (unknown, nobody, wrong, no_list)] == [404, 403, 400, 400]
    assert {"node_name", "x", "site_id"} <= named
    assert no_product.status_code in {400, 404}
    assert {each.headers["Content-Type"] for each in (unknown, nobody, wrong, no_product, no_list)} == {
        "application/problem+json"
    }


def test_form_posted_twice_makes_one_process(either_demo: Demo) -> None:
    with either_demo.rest("admin") as client:
        headers = {"Idempotency-Key": "one-and-only"}
        first = client.post("processes/bootstrap", json=[{}], headers=headers)
        second = client.post("processes/bootstrap", json=[{}], headers=headers)

    assert (first.status_code, first.json()) == (second.status_code, second.json()) == (201, second.json())
