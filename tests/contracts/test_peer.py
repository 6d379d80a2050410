"""Our answers have the shapes that clients of the Workflow Orchestrator know, from its own description of itself."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django import Settings
from rest_framework.test import APIClient

from processes import actions, store
from processes.execution import drive
from processes.plugins import registry
from subscriptions.actions import mark_out_of_sync
from tests.contracts import peer
from tests.factories import subscriptions as make
from tests.subscriptions.conftest import offered as offered  # noqa: PLC0414 - a fixture
from tests.subscriptions.workflows import definitions

pytestmark = pytest.mark.usefixtures("offered")
Api = Callable[..., APIClient]
TASK = "tests.contracts.definitions.formless"


@pytest.fixture
def client(api: Api, admin_user: User) -> APIClient:
    return api(admin_user)


@pytest.fixture
def with_task(settings: Settings, offered: None) -> Iterator[None]:
    settings.WORKFLOW_MODULES = [*settings.WORKFLOW_MODULES, TASK]
    registry.reload()
    yield
    registry.reload()


def run_ready() -> None:
    while (claim := store.claim("worker-1")) is not None:
        drive.run_claimed(claim)


def order(by: User, *, fails: bool = False) -> str:
    """A create that was driven as far as it goes."""
    definitions.failures[:] = [ValueError("no")] if fails else []
    pages = [{"product": str(make.product("node").pk)}, {"customer_id": str(make.customer().pk), "node_name": "ams-1"}]
    process = actions.start("create_node", pages, by=by)
    run_ready()
    return str(process.pk)


def startable(client: APIClient, subscription_id: object, target: str, name: str) -> dict[str, Any]:
    rows = client.get(f"/api/subscriptions/workflows/{subscription_id}").json()[target]
    (found,) = [row for row in rows if row["name"] == name]
    return dict(found)


@pytest.mark.parametrize("fails", [False, True])
def test_processes(client: APIClient, operator: User, fails: bool) -> None:
    key = order(operator, fails=fails)

    listed, detail = client.get("/api/processes/").json(), client.get(f"/api/processes/{key}").json()

    assert peer.faults(listed, [peer.PROCESS]) == []
    assert peer.faults(detail, peer.PROCESS_DETAIL) == []
    product, customer = str(make.product("node").pk), str(make.customer().pk)
    assert (detail["product_id"], detail["customer_id"], detail["workflow_target"]) == (product, customer, "CREATE")
    assert peer.faults(client.get("/api/processes/status-counts").json(), peer.COUNTS) == []


def test_steps_tell_the_state_after_them(client: APIClient, operator: User) -> None:
    key = order(operator)

    first, second, *_, last = client.get(f"/api/processes/{key}").json()["steps"]

    assert first["state"] | second["state_delta"] == second["state"]
    assert last["state"] == client.get(f"/api/processes/{key}").json()["current_state"]


def test_failed_step_tells_its_error_as_its_state(client: APIClient, operator: User) -> None:
    key = order(operator, fails=True)

    (failed,) = [step for step in client.get(f"/api/processes/{key}").json()["steps"] if step["status"] == "failed"]

    assert (failed["state"]["class"], failed["state"]["error"]) == ("ValueError", "no")


def test_subscriptions(client: APIClient) -> None:
    node = make.node().subscription_id

    assert peer.faults(client.get("/api/subscriptions/").json(), [peer.SUBSCRIPTION]) == []
    assert peer.faults(client.get(f"/api/subscriptions/domain-model/{node}").json(), peer.DOMAIN_MODEL) == []


def test_products_and_their_parts(client: APIClient) -> None:
    products = client.get("/api/products/").json()
    (node,) = [one for one in products if one["name"] == "node"]
    block = node["product_blocks"][0]

    assert peer.faults(products, [peer.PRODUCT]) == []
    assert peer.faults(client.get(f"/api/products/{node['product_id']}").json(), peer.PRODUCT) == []
    found = client.get(f"/api/product_blocks/{block['product_block_id']}").json()
    assert peer.faults(found, peer.PRODUCT_BLOCK) == []
    kind = found["resource_types"][0]
    same = client.get(f"/api/resource_types/{kind['resource_type_id']}").json()
    assert peer.faults(same, peer.RESOURCE_TYPE) == []
    assert same == kind


def test_workflows(client: APIClient) -> None:
    registry.sync_definitions()
    rows = client.get("/api/workflows/").json()
    (create,) = [one for one in rows if one["name"] == "create_node"]

    one = client.get(f"/api/workflows/{create['workflow_id']}").json()

    assert peer.faults(rows, [peer.WORKFLOW]) == []
    assert peer.faults(one, peer.WORKFLOW_WITH_STEPS) == []
    assert one["steps"][0] == {"name": "Construct node"}


def test_reasons_are_words_beside_which_our_sentence_stands(client: APIClient) -> None:
    node = make.node()
    port = make.port(node)

    used = startable(client, node.subscription_id, "terminate", "terminate_node")

    assert peer.faults(used, peer.REFUSED_BY_USERS) == []
    assert (used["reason"], used["action"]) == ("subscription.no_modify_subscription_in_use_by_others", "terminated")
    assert used["reason_text"] == "The subscription is in use by: port 1/1."
    assert used["unterminated_in_use_by_subscriptions"] == [str(port.subscription_id)]

    mark_out_of_sync(port.subscription_id)
    related = startable(client, node.subscription_id, "modify", "rename_node")

    assert peer.faults(related, peer.REFUSED_BY_RELATIONS) == []
    assert related["reason"] == "subscription.relations_not_in_sync"


def test_status_that_forbids_a_start_is_told(client: APIClient, operator: User) -> None:
    order(operator, fails=True)
    subscription = client.get("/api/subscriptions/").json()[0]["subscription_id"]
    client.put(f"/api/processes/{client.get('/api/processes/').json()[0]['process_id']}/abort")

    refused = startable(client, subscription, "validate", "validate_node")

    assert peer.faults(refused, peer.REFUSED_BY_STATUS) == []
    assert (refused["reason"], refused["action"]) == ("subscription.no_modify_invalid_status", "modified")


def test_forms(client: APIClient, with_task: None) -> None:
    empty = client.post("/api/processes/formless", [], format="json")
    page = client.post("/api/processes/create_node", [], format="json")
    wrong = client.post("/api/processes/create_node", [{"product": 7}], format="json")

    assert (empty.status_code, page.status_code, wrong.status_code) == (510, 510, 400)
    assert peer.faults(empty.json(), peer.FORM_INCOMPLETE) == []
    assert (empty.json()["form"]["properties"], empty.json()["meta"]) == ({}, {"hasNext": False})
    assert peer.faults(page.json(), peer.FORM_INCOMPLETE) == []
    assert peer.faults(wrong.json(), peer.FORM_INVALID) == []
    assert client.post("/api/processes/formless", [{}], format="json").status_code == 201


def test_settings(client: APIClient) -> None:
    assert peer.faults(client.get("/api/settings/status").json(), peer.ENGINE) == []
    assert peer.faults(client.get("/api/settings/worker-status").json(), peer.WORKERS) == []
    assert peer.faults(client.get("/api/settings/overview").json(), [peer.SETTINGS]) == []
    assert list(client.get("/api/settings/cache-names").json()) == ["all"]
    assert isinstance(client.delete("/api/settings/cache/all").json(), int)
    assert client.delete("/api/settings/cache/nonsense").status_code == 400
    assert client.get("/api/translations/en-GB").json().keys() == {"forms", "workflow"}


def test_every_path_is_described(client: APIClient) -> None:
    paths = client.get("/api/schema/?format=json").json()["paths"]

    missing = [(method, path) for method, path in peer.PATHS if method not in paths.get(path, {})]

    assert missing == []


@pytest.mark.parametrize("path", ["/api/processes/", "/api/products/", "/api/subscriptions/", "/api/workflows/"])
def test_method_that_does_not_exist_is_not_allowed(api: Api, viewer: User, path: str) -> None:
    answer = api(viewer).delete(path)

    assert (answer.status_code, "GET" in answer["Allow"]) == (405, True)
