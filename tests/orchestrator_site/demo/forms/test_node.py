"""The pages on which a node is ordered."""

from typing import Any

import pytest

from orchestrator_site.demo.forms.node import create_node_form
from processes.engine import StartRefused
from processes.forms import FormIncomplete, FormInvalid, FormUnavailable, Page, walk
from processes.forms.fields import Kind
from processes.forms.reading import inputs
from tests.orchestrator_site.demo.conftest import Network


def form(network: Network, *pages: dict[str, Any], product: str = "node Nokia") -> dict[str, Any]:
    """Where the form ends with these pages."""
    return walk(create_node_form, {"product": str(network.product(product))}, pages)


def due(network: Network, *pages: dict[str, Any], product: str = "node Nokia") -> Page:
    """The page that is asked for next."""
    with pytest.raises(FormIncomplete) as incomplete:
        form(network, *pages, product=product)
    return incomplete.value.page


def errors(network: Network, *pages: dict[str, Any]) -> list[tuple[list[Any], str]]:
    """What is wrong, by place."""
    with pytest.raises(FormInvalid) as invalid:
        form(network, *pages)
    return [(error["loc"], error["msg"]) for error in invalid.value.errors]


def labels(page: Page, field: str) -> list[str]:
    """What a dropdown shows."""
    (found,) = (each for each in inputs(page.schema) if each.path == field)
    return [choice.label for choice in found.choices]


def test_choices_come_from_the_inventory(network: Network) -> None:
    network.inventory.drift("dcim/sites", int(network.id_of("dcim/sites", slug="rome")), status="retired")

    page = due(network)

    assert labels(page, "type_id") == [
        "Nokia 7210 SAS-R6",
        "Nokia 7220 IXR-D2",
        "Nokia 7220 IXR-D3",
        "Nokia 7950 XRS-20",
    ]
    assert labels(page, "role_id") == ["Provider", "Provider Edge"]
    assert labels(page, "site_id") == ["Amsterdam", "London", "Madrid", "Paris"]
    assert labels(page, "customer_id") == ["Energy Sciences Network"]
    assert labels(due(network, product="node Cisco"), "type_id") == ["Cisco 8812", "Cisco ASR 903"]


def test_the_summary_shows_labels(network: Network) -> None:
    page = due(network, network.node_page(node_description="first of all"))

    (summary,) = (each.data for each in inputs(page.schema) if each.kind is Kind.SUMMARY)
    assert dict(zip(summary["labels"], summary["columns"][0], strict=True)) == {
        "Customer": "Energy Sciences Network",
        "Device type": "Nokia 7220 IXR-D2",
        "Device role": "Provider Edge",
        "Site": "Amsterdam",
        "Node status": "active",
        "Node name": "ams-pe-1",
        "Node description": "first of all",
        "Add interfaces": "yes",
    }


def test_the_answers_become_state(network: Network) -> None:
    page = network.node_page(node_status="planned", auto_add_interfaces=False)

    assert form(network, page, {}) == {
        "customer_id": str(network.customer.id),
        "auto_add_interfaces": False,
        "type_id": int(str(page["type_id"])),
        "role_id": int(str(page["role_id"])),
        "site_id": int(str(page["site_id"])),
        "node_status": "planned",
        "node_name": "ams-pe-1",
        "node_description": None,
    }


def test_a_name_that_the_inventory_knows_is_refused(network: Network) -> None:
    page = network.node_page()
    device = {"name": "ams-pe-1", "device_type": page["type_id"], "role": page["role_id"], "site": page["site_id"]}
    network.inventory.add("dcim/devices", **{k: v if k == "name" else int(str(v)) for k, v in device.items()})

    assert errors(network, page) == [(["node_name"], "The inventory already has a device of this name.")]


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        ({"node_name": "no spaces"}, "node_name"),
        ({"node_name": "-"}, "node_name"),
        ({"node_name": "x" * 65}, "node_name"),
        ({"type_id": "999"}, "type_id"),
        ({"customer_id": "nobody"}, "customer_id"),
        ({"node_status": "broken"}, "node_status"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_wrong_answers_are_named(network: Network, answer: dict[str, str], place: str) -> None:
    assert [where for where, _ in errors(network, network.node_page(**answer))] == [[place]]


def test_an_inventory_without_models_refuses_the_start(network: Network) -> None:
    for each in network.inventory.all("dcim/device-types", manufacturer="frr"):
        network.inventory.http.delete(f"/api/dcim/device-types/{each['id']}/")

    with pytest.raises(StartRefused, match="no device types of FRR"):
        form(network, product="node FRR")


def test_an_unreachable_inventory_is_told(network: Network) -> None:
    network.inventory.spoil("GET", "dcim/sites/", status=503)

    with pytest.raises(FormUnavailable, match="GET dcim/sites: 503"):
        form(network)
