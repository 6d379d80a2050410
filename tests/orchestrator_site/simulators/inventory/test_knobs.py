"""Knobs, the log of calls and the token."""

from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from orchestrator_site.simulators.inventory.app import InventoryApp
from tests.fakes.inventory import InventoryFake, serve_inventory

SITE = {"name": "Amsterdam", "slug": "amsterdam"}


@pytest.mark.parametrize(("when", "stored"), [("before", 0), ("after", 1)])
def test_a_knob_fails_the_next_call_before_or_after_its_effect(
    inventory: InventoryFake, when: str, stored: int
) -> None:
    inventory.spoil("POST", "dcim/sites/", when=when)

    spoilt = inventory.http.post("/api/dcim/sites/", json=SITE)

    assert (spoilt.status_code, spoilt.json()) == (503, {"detail": "Failed on request of a knob."})
    assert len(inventory.all("dcim/sites")) == stored
    assert inventory.http.get("/_knobs/").json() == []


def test_a_knob_spoils_as_many_matching_calls_as_it_says(inventory: InventoryFake) -> None:
    inventory.spoil("GET", "dcim/sites/*", times=2, status=500)

    statuses = [inventory.http.get(path).status_code for path in ("/api/dcim/sites/1/",) * 3]

    assert statuses == [500, 500, 404]


def test_other_calls_are_left_alone(inventory: InventoryFake) -> None:
    inventory.spoil("POST", "dcim/sites/")

    assert inventory.http.get("/api/dcim/sites/").status_code == 200
    assert inventory.http.post("/api/dcim/manufacturers/", json={"name": "n", "slug": "n"}).status_code == 201
    assert [knob["path"] for knob in inventory.http.get("/_knobs/").json()] == ["/api/dcim/sites/"]


def test_knobs_can_be_taken_back(inventory: InventoryFake) -> None:
    inventory.spoil("POST", "dcim/sites/")

    assert inventory.http.delete("/_knobs/").status_code == 204

    assert inventory.http.get("/_knobs/").json() == []
    assert inventory.http.post("/api/dcim/sites/", json=SITE).json()["name"] == "Amsterdam"


def test_a_delay_comes_before_the_usual_answer(tmp_path: Path) -> None:
    slept: list[float] = []
    client = Client(InventoryApp(tmp_path / "inventory.sqlite3", sleep=slept.append))
    client.post("/_knobs/", json={"delay_seconds": 2.5, "path": "/api/dcim/*"})

    answer = client.get("/api/dcim/sites/")

    assert (answer.status_code, answer.get_json()["results"], slept) == (200, [], [2.5])


@pytest.mark.parametrize(
    ("wish", "errors"),
    [
        ({}, {"status": ["Give a status to fail with, or delay_seconds."]}),
        ({"status": 200}, {"status": ["A whole number from 400 to 599 is required."]}),
        ({"status": 500, "times": 0}, {"times": ["A whole number from 1 to 1000000 is required."]}),
        ({"status": 500, "when": "never"}, {"when": ["'never' is not a valid When"]}),
        ({"delay_seconds": -1}, {"delay_seconds": ["A number of seconds from 0 to 300 is required."]}),
        ({"status": 500, "path": ""}, {"path": ["A text is required."]}),
        (
            {"status": 500, "colour": "red"},
            {"colour": ["Unknown; a knob has method, path, when, times, status, message, delay_seconds."]},
        ),
    ],
)
def test_a_senseless_knob_is_refused(inventory: InventoryFake, wish: Any, errors: dict[str, list[str]]) -> None:
    answer = inventory.http.post("/_knobs/", json=wish)

    assert (answer.status_code, answer.json()) == (400, errors)


def test_calls_are_logged_newest_first(inventory: InventoryFake) -> None:
    inventory.http.post("/api/dcim/sites/", json=SITE, headers={"Idempotency-Key": "abc"})
    inventory.http.get("/api/dcim/sites/?name=Amsterdam")

    calls = inventory.http.get("/_requests/").json()

    facts = [(call["method"], call["path"], call["query"], call["status"], call["idempotency_key"]) for call in calls]
    assert facts == [
        ("GET", "/api/dcim/sites/", "name=Amsterdam", 200, ""),
        ("POST", "/api/dcim/sites/", "", 201, "abc"),
    ]
    assert inventory.http.delete("/_requests/").status_code == 204
    assert inventory.http.get("/_requests/").json() == []


def test_the_api_asks_for_its_token(tmp_path: Path) -> None:
    with serve_inventory(tmp_path / "inventory.sqlite3", token="secret") as inventory:
        without = inventory.http.get("/api/", headers={"Authorization": ""})
        wrong = inventory.http.get("/api/", headers={"Authorization": "Token guess"})
        right = inventory.http.get("/api/")

    assert (without.status_code, without.json()) == (403, {"detail": "Authentication credentials were not provided."})
    assert (wrong.status_code, wrong.json()) == (403, {"detail": "Invalid token"})
    assert right.status_code == 200
