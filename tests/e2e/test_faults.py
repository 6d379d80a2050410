"""What must not hurt: a failing inventory, killed workers, a killed site, changes behind our back."""

import os
import signal
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.e2e.demo import Demo, answer, report, until, wait_for
from tests.e2e.test_rest import bootstrapped, order, product

pytestmark = pytest.mark.demo
RECOVERY_SECONDS = 60


@pytest.fixture
def client(demo: Demo) -> Iterator[httpx2.Client]:
    with demo.rest() as opened:
        bootstrapped(opened)
        yield opened


def turn_knob(demo: Demo, **knob: Any) -> None:
    with demo.inventory() as inventory:
        answer = inventory.post("_knobs/", json=knob)
        assert answer.status_code == 201, answer.text


def devices(demo: Demo, name: str) -> int:
    with demo.inventory() as inventory:
        return int(inventory.get("api/dcim/devices/", params={"name": name}).json()["count"])


def check_no_step_committed_twice(process: dict[str, Any]) -> None:
    committed = Counter(step["path"] for step in process["steps"] if step["status"] in {"success", "skipped"})
    assert set(committed.values()) == {1}, report(process)


@pytest.mark.parametrize("when", ["before", "after"])
def test_failed_call_is_retried_and_one_device_exists(demo: Demo, client: httpx2.Client, when: str) -> None:
    name = f"knob-{when}"
    turn_knob(demo, method="POST", path="/api/dcim/devices/", when=when, status=503, times=1)
    process_id = answer(client, "create_node", product(client, "node Nokia"), {"node_name": name})
    failed = wait_for(client, process_id)
    assert (failed["last_status"], failed["last_step"]) == ("failed", "Create node in inventory"), report(failed)
    assert "503" in failed["failed_reason"]

    assert client.put(f"processes/{process_id}/resume", json=[]).status_code == 204
    until(lambda: client.get(f"processes/{process_id}").json()["last_status"] == "completed")

    check_no_step_committed_twice(client.get(f"processes/{process_id}").json())
    assert devices(demo, name) == 1


def start_slow(demo: Demo, client: httpx2.Client, name: str) -> str:
    """Start a node and give its process while it waits for the inventory in a step."""
    turn_knob(demo, method="POST", path="/api/dcim/devices/", when="before", times=1, delay_seconds=2)
    process_id = answer(client, "create_node", product(client, "node Nokia"), {"node_name": name})
    until(lambda: client.get(f"processes/{process_id}").json()["last_step"] == "Construct node")
    return process_id


def test_process_completes_when_all_workers_are_killed(demo: Demo, client: httpx2.Client) -> None:
    process_id = start_slow(demo, client, "workers-killed")
    _supervisor, *workers = sorted(demo.processes("manage.py\0workers"))
    for pid in workers:
        os.kill(pid, signal.SIGKILL)

    until(lambda: client.get(f"processes/{process_id}").json()["last_status"] == "completed", RECOVERY_SECONDS)

    check_no_step_committed_twice(client.get(f"processes/{process_id}").json())
    assert devices(demo, "workers-killed") == 1


def test_process_completes_when_everything_is_killed_and_started_again(demo: Demo, client: httpx2.Client) -> None:
    process_id = start_slow(demo, client, "all-killed")
    demo.kill()
    demo.start()

    until(lambda: client.get(f"processes/{process_id}").json()["last_status"] == "completed", RECOVERY_SECONDS)

    check_no_step_committed_twice(client.get(f"processes/{process_id}").json())
    assert devices(demo, "all-killed") == 1


def test_drift_is_found_and_told(demo: Demo, client: httpx2.Client) -> None:
    node = order(client, "create_node", product(client, "node Nokia"), {"node_name": "drifts"})
    with demo.inventory() as inventory:
        inventory.patch(f"api/dcim/devices/{node['node']['ims_id']}/", json={"name": "moved"})

    process = wait_for(client, answer(client, "validate_node", {"subscription_id": node["subscription_id"]}, {}))

    assert process["last_status"] in {"failed", "inconsistent_data"}
    assert "drifts" in process["failed_reason"]
    assert "moved" in process["failed_reason"]
