"""The task that fills the inventory."""

import pytest

from orchestrator_site.demo.workflows.bootstrap import DEVICE_TYPES, PREFIXES, SITES, bootstrap
from processes.engine import ProcessStatus, run_in_memory
from tests.fakes.inventory import InventoryFake

MODELS = [f"{maker} {model}" for maker, models in DEVICE_TYPES.items() for model in models]


def test_bootstrap_fills_an_empty_inventory(inventory: InventoryFake) -> None:
    run = run_in_memory(bootstrap)

    assert run.status is ProcessStatus.COMPLETED
    assert run.state == {
        "sites": {"created": list(SITES), "skipped": []},
        "device_roles": {"created": ["Provider", "Provider Edge"], "skipped": []},
        "manufacturers": {"created": list(DEVICE_TYPES), "skipped": []},
        "device_types": {"created": MODELS, "skipped": []},
        "prefixes": {"created": list(PREFIXES), "skipped": []},
    }
    assert [each["full_name"] for each in inventory.all("dcim/device-types")] == MODELS
    assert [each["prefix"] for each in inventory.all("ipam/prefixes")] == list(PREFIXES)


def test_bootstrap_again_skips_what_is_there(inventory: InventoryFake) -> None:
    run_in_memory(bootstrap)
    site = inventory.one("dcim/sites", slug="paris")
    assert inventory.http.delete(f"/api/dcim/sites/{site['id']}/").status_code == 204

    again = run_in_memory(bootstrap)

    assert again.state["sites"] == {"created": ["Paris"], "skipped": ["Amsterdam", "London", "Madrid", "Rome"]}
    assert again.state["device_types"] == {"created": [], "skipped": MODELS}


@pytest.mark.parametrize("when", ["before", "after"])
def test_bootstrap_goes_on_after_a_hiccup(inventory: InventoryFake, when: str) -> None:
    inventory.spoil("POST", "dcim/manufacturers/", when=when)

    run = run_in_memory(bootstrap)

    assert run.status is ProcessStatus.COMPLETED
    assert [each["name"] for each in inventory.all("dcim/manufacturers")] == list(DEVICE_TYPES)
    assert [one.attempt for one in run.steps if one.name == "Create manufacturers"] == [1, 2]
