"""The browser pages of the inventory, and the command that serves it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from tests.fakes.inventory import InventoryFake, add_device

DEMAND = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def test_the_first_page_shows_what_there_is(inventory: InventoryFake) -> None:
    add_device(inventory, name="<script>alert(1)</script>")

    page = inventory.http.get("/")

    assert page.headers["Content-Security-Policy"] == DEMAND
    assert '<a href="/dcim/devices/1/">&lt;script&gt;alert(1)&lt;/script&gt;</a>' in page.text
    assert "<script" not in page.text
    assert '<p class="none">None yet.</p>' in page.text


def test_long_tables_are_cut_into_pages(inventory: InventoryFake) -> None:
    add_device(inventory)
    for number in range(60):
        inventory.add("dcim/interfaces", device=1, name=f"1/{number}", type="lag")

    home, first = inventory.http.get("/").text, inventory.http.get("/dcim/interfaces/").text
    last = inventory.http.get("/dcim/interfaces/?offset=50").text

    assert '<a href="/dcim/interfaces/">All 60 interfaces</a>' in home
    assert '<a href="/dcim/interfaces/?offset=50">Next</a>' in first
    assert ">1/49</a>" in first
    assert ">1/50</a>" not in first
    assert '<a href="/dcim/interfaces/?offset=0">Previous</a>' in last


def test_an_object_has_a_page(inventory: InventoryFake) -> None:
    add_device(inventory)

    page = inventory.http.get("/dcim/devices/1/").text

    assert "<h1>ams-pe-1</h1>" in page
    assert '<a href="/dcim/sites/1/">Amsterdam</a>' in page
    assert '<a href="/api/dcim/devices/1/">as JSON</a>' in page


@pytest.mark.parametrize("path", ["/dcim/devices/1/", "/dcim/planets/", "/favicon.ico"])
def test_a_page_that_is_not_there(inventory: InventoryFake, path: str) -> None:
    answer = inventory.http.get(path)

    assert (answer.status_code, answer.json()) == (404, {"detail": "Not found."})


def test_the_style_is_served(inventory: InventoryFake) -> None:
    assert inventory.http.get("/style.css").headers["Content-Type"] == "text/css; charset=utf-8"


def test_the_command_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "orchestrator_site.simulators.inventory", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--file", str(tmp_path / "deep" / "inventory.sqlite3")],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"INVENTORY_TOKEN": "secret"},
    )
    with process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        answer = httpx2.get(f"{url}api/", headers={"Authorization": "Token secret"})
        process.send_signal(signal.SIGTERM)
        left = process.wait(timeout=10)

    assert (answer.status_code, left) == (200, 0)
