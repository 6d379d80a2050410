"""Lists of processes by what their subscriptions are."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from processes.engine.values.status import ProcessStatus
from tests.factories import subscriptions as make
from tests.factories.processes import process

pytestmark = pytest.mark.usefixtures("offered")
Api = Callable[..., APIClient]


@pytest.fixture
def client(api: Api, viewer: User) -> APIClient:
    node = make.node()
    port = make.port(node)
    for name, subject in (("of a node", node), ("of a port", port)):
        process(ProcessStatus.COMPLETED, created_by=name, about=str(subject.subscription_id))
    process(ProcessStatus.COMPLETED, created_by="of nothing")
    return api(viewer)


def names(client: APIClient, query: str) -> list[str]:
    answer: Any = client.get(f"/api/processes/?{query}")
    return [row["created_by"] for row in answer.json()]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("filter=product,node", {"of a node"}),
        ("filter=product,NODE|port 10G", {"of a node", "of a port"}),
        ("filter=productId,{product}", {"of a node"}),
        ("product={product}", {"of a node"}),
        ("filter=tag,NODE", {"of a node"}),
        ("filter=tag,node", set()),
        ("filter=productType,node", {"of a node"}),
        ("filter=productDescription,A router", {"of a node"}),
        ("filter=customer,EX", {"of a node", "of a port"}),
        ("filter=customer,example,tag,PORT", {"of a port"}),
        ("filter=customerId,{customer}", {"of a node", "of a port"}),
        ("filter=customer,nobody", set()),
    ],
)
def test_found_by_product_and_customer(client: APIClient, query: str, found: set[str]) -> None:
    asked = query.format(product=make.product("node").pk, customer=make.customer().pk)

    assert set(names(client, asked)) == found


@pytest.mark.parametrize("name", ["product", "productName", "tag", "productType", "subscriptions", "customer"])
def test_sorted_by_what_they_are_about(client: APIClient, name: str) -> None:
    up, down = names(client, f"sort={name},asc"), names(client, f"sort={name},desc")

    told = [[one for one in order if one != "of nothing"] for order in (up, down)]
    assert sorted(up) == sorted(down) == ["of a node", "of a port", "of nothing"]
    if name != "customer":
        assert told == [["of a node", "of a port"], ["of a port", "of a node"]]


def test_row_tells_its_subscription(client: APIClient) -> None:
    (row,) = client.get("/api/processes/?filter=tag,NODE").json()

    (subscription,) = row["subscriptions"]
    assert subscription["description"] == "node ams-1"
    assert (row["product_id"], row["customer_id"]) == (subscription["product_id"], subscription["customer_id"])
