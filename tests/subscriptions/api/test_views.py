"""What integrations read and set over REST."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from processes.engine.values.status import ProcessStatus
from subscriptions.actions import mark_out_of_sync, record_validation
from subscriptions.models import Customer, Subscription
from tests.answers import NO_CREDENTIALS, READING, problem
from tests.factories import subscriptions as make
from tests.subscriptions.conftest import process

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
TIMES = {"start_date": "2026-05-06T07:08:09Z", "end_date": None}


def descriptions(answer: Any) -> list[str]:
    return [row["description"] for row in answer.json()]


def test_list_tells_all_of_a_row(api: Api, viewer: User) -> None:
    node = make.node()
    product, customer = make.product("node"), make.customer()

    answer = api(viewer).get("/api/subscriptions/")

    created = product.created_at.isoformat().replace("+00:00", "Z")
    assert answer.json() == [
        {
            "subscription_id": str(node.subscription_id),
            "description": "node ams-1",
            "status": "active",
            "insync": True,
            "customer_id": str(customer.pk),
            "product_id": str(product.pk),
            "note": None,
            **TIMES,
            "version": 2,
            "product": {
                "product_id": str(product.pk),
                "name": "node",
                "description": "A router",
                "product_type": "Node",
                "tag": "NODE",
                "status": "active",
                "created_at": created,
                "end_date": None,
            },
            "customer": {"customer_id": str(customer.pk), "fullname": "Example", "shortcode": "EX"},
        }
    ]
    assert answer["Content-Range"] == "subscriptions 0-0/*"


def test_range_counts_and_links(api: Api, viewer: User) -> None:
    for name in ("a", "b", "c"):
        make.node(name)

    answer = api(viewer).get("/api/subscriptions/", {"range": "1,2", "sort": "description,asc"})

    assert descriptions(answer) == ["node b"]
    assert answer["Content-Range"] == "subscriptions 1-1/3"
    assert "range=2%2C3" in answer["Link"]
    assert 'rel="prev"' in answer["Link"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"status": "active"}, ["node a"]),
        ({"status": ["active", "terminated"]}, ["node a", "node c"]),
        ({"filter": "status,active-initial"}, ["node a", "node b"]),
        ({"filter": "subscriptionId,{a}"}, ["node a"]),
        ({"insync": "false"}, ["node a"]),
        ({"search": "NODE C"}, ["node c"]),
        ({"search": "{a}"}, ["node a"]),
        ({"search": "{block}"}, ["node a"]),
        ({"product": "node", "tag": "NODE", "product_type": "Node", "customer": "EX", "limit": "1"}, ["node a"]),
        ({"product": "{product}", "offset": "2"}, ["node c"]),
        ({"customer": "{customer}", "offset": "2"}, ["node c"]),
        ({"product": "port 10G"}, []),
        ({"customer": "Nobody"}, []),
        ({"description": "b", "note": "nothing"}, []),
        ({"started_after": "2026-05-06T07:08:10Z"}, []),
        ({"started_before": "2026-05-06T07:08:10Z", "status": "active"}, ["node a"]),
        ({"sort": "status,desc,description,asc"}, ["node c", "node b", "node a"]),
    ],
)
def test_list_is_narrowed_and_sorted(api: Api, viewer: User, query: dict[str, Any], expected: list[str]) -> None:
    node = make.node("a")
    make.node("b", status="initial")
    make.node("c", status="terminated")
    mark_out_of_sync(node.subscription_id)
    known = {
        "a": node.subscription_id,
        "block": node.node.subscription_instance_id,
        "product": node.product.product_id,
        "customer": node.customer_id,
    }
    asked = {key: value.format(**known) if isinstance(value, str) else value for key, value in query.items()}

    answer = api(viewer).get("/api/subscriptions/", {"sort": "description", **asked})

    assert descriptions(answer) == expected


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("sort=colour", "sort"),
        ("filter=status", "filter"),
        ("filter=colour,red", "filter"),
        ("status=gone", "status"),
        ("range=3,1", "range"),
        ("colour=red", "colour"),
        ("subscription_id=x", "subscription_id"),
        ("limit=x", "limit"),
    ],
)
def test_wrong_query_is_named(api: Api, viewer: User, query: str, named: str) -> None:
    answer = api(viewer).get(f"/api/subscriptions/?{query}")

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [named]


def test_list_is_304_to_who_has_it(api: Api, viewer: User) -> None:
    make.node()
    first = api(viewer).get("/api/subscriptions/")

    again = api(viewer).get("/api/subscriptions/", HTTP_IF_NONE_MATCH=first["ETag"])

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries(
    api: Api, viewer: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make.node(f"n{number}")
    client = api(viewer)
    client.get("/api/subscriptions/")

    with django_assert_num_queries(2):  # which they are, and what; the role was looked up before
        answer = client.get("/api/subscriptions/?range=0,25")

    assert len(answer.json()) == count


def test_whole_subscription_is_nested(api: Api, viewer: User) -> None:
    node = make.node()
    port = make.port(node)

    answer = api(viewer).get(f"/api/subscriptions/domain-model/{port.subscription_id}")

    relation = {
        "subscription_instance_id": str(port.port.subscription_instance_id),
        "subscription_id": str(port.subscription_id),
    }
    assert answer.json() == {
        "subscription_id": str(port.subscription_id),
        "description": "port 1/1",
        "status": "active",
        "insync": True,
        "customer_id": str(port.customer_id),
        "note": None,
        **TIMES,
        "version": 2,
        "product": {
            "product_id": str(port.product.product_id),
            "name": "port 10G",
            "description": "A port",
            "product_type": "Port",
            "tag": "PORT",
            "status": "active",
        },
        "speed": 10_000,
        "port": {
            "subscription_instance_id": str(port.port.subscription_instance_id),
            "owner_subscription_id": str(port.subscription_id),
            "name": "Port",
            "label": None,
            "in_use_by_ids": [],
            "in_use_by_relations": [],
            "port_name": "1/1",
            "enabled": False,
            "title": "port 1/1 on ams-1",
            "node": {
                "subscription_instance_id": str(node.node.subscription_instance_id),
                "owner_subscription_id": str(node.subscription_id),
                "name": "Node",
                "label": None,
                "in_use_by_ids": [relation["subscription_instance_id"]],
                "in_use_by_relations": [relation],
                "node_name": "ams-1",
                "node_status": "planned",
                "ims_id": 1,
                "tags": [],
                "title": "node ams-1 status planned",
            },
        },
    }


def test_whole_subscription_takes_three_queries(
    api: Api, viewer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    node = make.node()
    circuit = make.circuit(make.port(node, "1"), make.port(node, "2"))
    client = api(viewer)
    client.get("/api/customers/")

    with django_assert_num_queries(3):
        client.get(f"/api/subscriptions/domain-model/{circuit.subscription_id}")


def test_whole_subscription_has_a_quoted_etag_that_changes_with_it(api: Api, viewer: User) -> None:
    node = make.node()
    address = f"/api/subscriptions/domain-model/{node.subscription_id}"
    first = api(viewer).get(address)
    assert first["ETag"].startswith('"')

    assert api(viewer).get(address, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    mark_out_of_sync(node.subscription_id)
    assert api(viewer).get(address, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


def test_versions_are_listed(api: Api, viewer: User) -> None:
    node = make.node()
    address = f"/api/subscriptions/{node.subscription_id}/versions/"

    answer = api(viewer).get(address)
    part = api(viewer).get(f"{address}?range=1,2")

    at = make.NOW.isoformat().replace("+00:00", "Z")
    made = {"at": at, "by": "factory", "process_id": None, "step_path": None}
    assert answer.json() == [{"version": number, **made} for number in (2, 1)]
    assert [row["version"] for row in part.json()] == [1]
    assert (answer["Content-Range"], part["Content-Range"]) == ("versions 0-1/*", "versions 1-1/2")


@pytest.mark.parametrize("count", [1, 3])
def test_versions_take_the_same_queries(
    api: Api, viewer: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    node = make.node()
    for number in range(count):
        node.node.ims_id = number + 10
        node = make.changed(node)
    client = api(viewer)
    client.get("/api/customers/")

    with django_assert_num_queries(2):
        client.get(f"/api/subscriptions/{node.subscription_id}/versions/")
    with django_assert_num_queries(1):
        client.get(f"/api/subscriptions/{node.subscription_id}/compare?from=1&to=2")


def test_versions_are_compared(api: Api, viewer: User) -> None:
    one, two = make.node("ams-1"), make.node("ams-2")
    port = make.port(one)
    port.port.node = two.node
    port = make.changed(port)

    answer = api(viewer).get(f"/api/subscriptions/{port.subscription_id}/compare?from=3&to=2")

    def block(of: Any) -> dict[str, str]:
        node = of.node
        owner, instance = str(of.subscription_id), str(node.subscription_instance_id)
        return {"name": "Node", "subscription_instance_id": instance, "owner_subscription_id": owner}

    assert answer.json() == {
        "subscription_id": str(port.subscription_id),
        "from": 3,
        "to": 2,
        "changes": [
            {"path": "port.node", "kind": "changed", "before": block(two), "after": block(one)},
            {"path": "port.title", "kind": "changed", "before": "port 1/1 on ams-2", "after": "port 1/1 on ams-1"},
        ],
    }


@pytest.mark.parametrize(("query", "named"), [("from=1", "to"), ("from=x&to=1", "from"), ("from=1&to=-1", "to")])
def test_comparison_names_what_is_wrong(api: Api, viewer: User, query: str, named: str) -> None:
    node = make.node()

    answer = api(viewer).get(f"/api/subscriptions/{node.subscription_id}/compare?{query}")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [named])


def test_unknown_version_is_404(api: Api, viewer: User) -> None:
    node = make.node()

    answer = api(viewer).get(f"/api/subscriptions/{node.subscription_id}/compare?from=1&to=99")

    told = f"Subscription {node.subscription_id} has no version 99."
    assert (answer.status_code, answer.json()["detail"]) == (404, told)


@pytest.mark.parametrize("address", ["domain-model/{}", "workflows/{}", "{}/versions/"])
def test_unknown_subscription_is_404(api: Api, viewer: User, address: str) -> None:
    wanted = uuid4()

    answer = api(viewer).get(f"/api/subscriptions/{address.format(wanted)}")

    assert (answer.status_code, answer.json()["detail"]) == (404, f"There is no subscription {wanted}.")


def test_set_in_sync_is_for_admins(api: Api, operator: User, admin_user: User) -> None:
    node = make.node()
    mark_out_of_sync(node.subscription_id)
    address = f"/api/subscriptions/{node.subscription_id}/set_in_sync"

    assert api(operator).put(address).status_code == 403
    assert api(admin_user).put(address).status_code == 200
    assert Subscription.objects.get().insync
    assert api(admin_user).put(f"/api/subscriptions/{uuid4()}/set_in_sync").status_code == 404


def test_set_in_sync_names_unfinished_processes(api: Api, admin_user: User) -> None:
    node = make.node()
    mark_out_of_sync(node.subscription_id)
    unfinished = process(node.subscription_id, ProcessStatus.FAILED)

    answer = api(admin_user).put(f"/api/subscriptions/{node.subscription_id}/set_in_sync")

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["processes"] == [{"process_id": str(unfinished.pk), "workflow_name": "modify_it"}]


def test_customers_are_listed(api: Api, viewer: User) -> None:
    customer = make.customer()

    answer = api(viewer).get("/api/customers/")

    assert answer.json() == [{"customer_id": str(customer.pk), "fullname": "Example", "shortcode": "EX"}]


@pytest.mark.parametrize("address", ["subscriptions/", "customers/", f"subscriptions/domain-model/{UUID(int=7)}"])
def test_nobody_reads_without_a_role(api: Api, stranger: User, address: str) -> None:
    assert problem(api().get(f"/api/{address}")) == NO_CREDENTIALS
    assert problem(api(stranger).get(f"/api/{address}")) == (403, READING)


def test_a_customer_with_any_text_for_an_id_is_told_and_filtered_by(api: Api, viewer: User) -> None:
    make.product("node")
    Customer.objects.create(id="org/42", fullname="Example", shortcode="EX")
    make.node()

    listed = [api(viewer).get(f"/api/subscriptions/?{name}=org/42").json() for name in ("customer", "customer_id")]

    assert [[row["customer"]["customer_id"] for row in rows] for rows in listed] == [["org/42"]] * 2
    assert api(viewer).get("/api/subscriptions/?customer_id=other").json() == []


def test_validations_tell_what_differs_since_when(api: Api, viewer: User) -> None:
    node, port_id = make.node(), uuid4()
    at = datetime(2026, 11, 1, 2, 30, tzinfo=UTC)
    found = [{"fact": "speed", "expected": 1000, "actual": None}]
    for name in ("validate_node", "validate_optics"):
        record_validation(node.subscription_id, name, process_id=port_id, at=at, differences=found)

    answer = api(viewer).get(f"/api/subscriptions/{node.subscription_id}/validations")

    assert answer.json() == [
        {
            "workflow_name": name,
            "process_id": str(port_id),
            "validated_at": "2026-11-01T02:30:00Z",
            "differences": [{"fact": "speed", "expected": 1000, "actual": None, "since": "2026-11-01T02:30:00Z"}],
        }
        for name in ("validate_node", "validate_optics")
    ]


def test_validations_of_an_unknown_subscription_are_not_found(api: Api, viewer: User) -> None:
    unknown = uuid4()

    answer = api(viewer).get(f"/api/subscriptions/{unknown}/validations")

    assert problem(answer) == (404, f"There is no subscription {unknown}.")
