"""The product endpoints: shapes, filters, changes, refusals."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient

from processes.models import AuditEvent
from processes.queries.workflows import workflow_id
from products.api.rows import resource_type_row
from products.models import Product, ProductBlock, ResourceType
from tests.answers import NO_CREDENTIALS, READING, problem, requires
from tests.factories import products as factory

pytestmark = pytest.mark.django_db
Client = Callable[..., APIClient]


@pytest.fixture(autouse=True)
def _plain_site(settings: Settings) -> None:
    settings.CATALOGUE_CHANGE_HOOKS = []
    settings.CATALOGUE_RETIRE_HOOKS = []


def told(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def types_of(block: ProductBlock) -> list[ResourceType]:
    return [field.resource_type for field in block.fields.all() if field.resource_type]


def row_of(resource_type: ResourceType) -> dict[str, Any]:
    return {**resource_type_row(resource_type), "resource_type_id": str(resource_type.pk)}


def offered(name: str, target: str, product: Product) -> dict[str, Any]:
    """An offer of a workflow that no release has registered."""
    return {
        "workflow_id": str(workflow_id(name)),
        "name": name,
        "target": target,
        "is_task": False,
        "description": "",
        "created_at": told(product.created_at),
    }


def test_list(api: Client, viewer: User) -> None:
    product = factory.published()

    answer = api(viewer).get("/api/products/")

    assert answer.status_code == 200
    root = product.roots.get()
    assert answer.json() == [
        {
            "product_id": str(product.pk),
            "name": "port 10G",
            "description": "A port 10G.",
            "product_type": "Port",
            "tag": "PORT",
            "status": "active",
            "created_at": product.created_at.isoformat().replace("+00:00", "Z"),
            "end_date": None,
            "fixed_inputs": [
                {
                    "fixed_input_id": str(uuid5(product.pk, "speed")),
                    "name": "speed",
                    "value": 10000,
                    "product_id": str(product.pk),
                    "created_at": told(product.created_at),
                }
            ],
            "product_blocks": [
                {
                    "product_block_id": str(root.block_id),
                    "name": "Port",
                    "attribute": "port",
                    "description": "",
                    "tag": "PORT",
                    "status": "active",
                    "created_at": told(root.block.created_at),
                    "end_date": None,
                    "resource_types": [row_of(one) for one in types_of(root.block)],
                }
            ],
            "workflows": [
                offered("create_subscription", "CREATE", product),
                offered("terminate_subscription", "TERMINATE", product),
            ],
        }
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_of_the_database(
    count: int, api: Client, viewer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        factory.product(f"port {number}")
    client = api(viewer)

    with django_assert_num_queries(13):  # who calls; grants; the rows, their number, and eight tables below them
        assert len(client.get("/api/products/?range=0,25").json()) == count


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["old", "port 10G", "router"]),
        ("tag=NODE", ["router"]),
        ("product_type=Port", ["old", "port 10G"]),
        ("status=phase out", ["old"]),
        ("search=port 10", ["port 10G"]),
        ("tag=NODE&status=phase out", []),
        ("status=active&status=phase out&sort=-name", ["router", "port 10G", "old"]),
        ("filter=status,active-phase out,productType,Port", ["old", "port 10G"]),
        ("sort=tag,asc,name,desc", ["router", "port 10G", "old"]),
        ("name=port&description=10", ["port 10G"]),
        ("limit=1&offset=1", ["port 10G"]),
    ],
)
def test_filters(query: str, names: list[str], api: Client, viewer: User) -> None:
    factory.product()
    factory.product("old", status="phase out")
    factory.product("router", tag="NODE", product_type="Node")

    assert [row["name"] for row in api(viewer).get(f"/api/products/?{query}").json()] == names


def test_range_counts_and_links(api: Client, viewer: User) -> None:
    for name in ("a", "b", "c"):
        factory.product(name)

    answer = api(viewer).get("/api/products/?range=1,2&sort=name,desc")

    assert [row["name"] for row in answer.json()] == ["b"]
    assert answer["Content-Range"] == "products 1-1/3"
    assert "range=2%2C3" in answer["Link"]
    assert 'rel="prev"' in answer["Link"]


def test_list_is_whole_unless_a_part_is_asked_for(api: Client, viewer: User) -> None:
    Product.objects.bulk_create(Product(name=f"{number:03}", product_type="P", tag="P") for number in range(101))

    answer = api(viewer).get("/api/products/")

    assert len(answer.json()) == 101
    assert "Link" not in answer
    assert api(viewer).get("/api/products/", HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304


@pytest.mark.parametrize(
    ("query", "named"),
    [("sort=colour", "sort"), ("filter=tag", "filter"), ("colour=red", "colour"), ("range=2,1", "range")],
)
def test_wrong_query_is_named(query: str, named: str, api: Client, viewer: User) -> None:
    answer = api(viewer).get(f"/api/products/?{query}")

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [named])


def test_unknown_status_is_refused(api: Client, viewer: User) -> None:
    answer = api(viewer).get("/api/products/?status=gone")

    assert answer.status_code == 400
    assert answer.json()["errors"] == {"status": ["Select a valid choice. gone is not one of the available choices."]}


def test_detail_shows_the_published_model(api: Client, viewer: User) -> None:
    product = factory.published()

    found = api(viewer).get(f"/api/products/{product.pk}").json()

    assert found["version"] == 1
    assert found["schema"]["properties"]["port"]["properties"] == {
        "port_name": {"type": "string", "maxLength": 1000, "title": "Port name"}
    }
    assert api(viewer).get(f"/api/products/{product.pk}/").json() == found


def test_detail_before_publishing(api: Client, viewer: User) -> None:
    product = factory.product()

    found = api(viewer).get(f"/api/products/{product.pk}").json()

    assert (found["version"], found["schema"]) == (None, None)


@pytest.mark.parametrize("method", ["get", "patch"])
def test_unknown_product(method: str, api: Client, admin_user: User) -> None:
    answer = getattr(api(admin_user), method)(f"/api/products/{factory.UNKNOWN}", {"status": "active"})

    assert answer.status_code == 404
    assert answer.json()["detail"] == f"There is no product {factory.UNKNOWN}."


def test_change(api: Client, modeller: User) -> None:
    product = factory.published()

    answer = api(modeller).patch(f"/api/products/{product.pk}", {"description": "Fast.", "status": "phase out"})

    assert answer.status_code == 201
    assert (answer.json()["description"], answer.json()["status"]) == ("Fast.", "phase out")
    event = AuditEvent.objects.get(action="catalogue.change")
    assert (event.actor, event.subject_id) == ("modeller", str(product.pk))
    assert event.detail == {
        "changes": {
            "description": {"from": "A port 10G.", "to": "Fast."},
            "status": {"from": "active", "to": "phase out"},
        }
    }


def test_the_same_again_is_no_act(api: Client, modeller: User) -> None:
    product = factory.published()

    assert api(modeller).patch(f"/api/products/{product.pk}", {"status": "active"}).status_code == 201
    assert not AuditEvent.objects.filter(action="catalogue.change").exists()


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"non_field_errors": ["A description, a status or both are required."]}),
        ({"name": "x"}, {"name": ["Unknown field."]}),
        ({"status": "gone"}, {"status": ["\"gone\" is not a valid choice."]}),
        ({"description": None}, {"description": ["This field may not be null."]}),
    ],
)  # fmt: skip
def test_bad_changes(body: dict[str, object], errors: dict[str, list[str]], api: Client, modeller: User) -> None:
    product = factory.product()

    answer = api(modeller).patch(f"/api/products/{product.pk}", body)

    assert answer.status_code == 400
    assert answer.json()["errors"] == errors
    assert Product.objects.get().description == "A port 10G."


def test_end_of_life_is_refused_while_in_use(settings: Settings, api: Client, modeller: User) -> None:
    product = factory.product()
    settings.CATALOGUE_RETIRE_HOOKS = ["tests.products.hooks.refuse_retirement"]

    answer = api(modeller).patch(f"/api/products/{product.pk}", {"status": "end of life"})

    assert answer.status_code == 400
    assert answer.json()["errors"] == {"status": ["port 10G is still delivered."]}
    assert Product.objects.get().status == "active"


@pytest.mark.parametrize("who", ["viewer", "operator", "stranger"])
def test_only_modellers_change(who: str, api: Client, request: pytest.FixtureRequest) -> None:
    product = factory.product()

    answer = api(request.getfixturevalue(who)).patch(f"/api/products/{product.pk}", {"description": "x"})

    assert problem(answer) == (403, requires("modeller", "admin"))
    assert Product.objects.get().description == "A port 10G."


def test_strangers_see_nothing(api: Client, stranger: User) -> None:
    product_id: UUID = factory.product().pk

    assert problem(api(stranger).get("/api/products/")) == (403, READING)
    assert problem(api(stranger).get(f"/api/products/{product_id}")) == (403, READING)
    assert problem(api().get("/api/products/")) == NO_CREDENTIALS


def test_block_and_its_resource_types_are_described(api: Client, modeller: User, viewer: User) -> None:
    block = factory.published().roots.get().block
    kind = types_of(block)[0]
    client = api(modeller)

    changed = client.patch(f"/api/product_blocks/{block.pk}", {"description": "A port of a node."})
    other = client.patch(f"/api/resource_types/{kind.pk}", {"description": "In Mbit/s."})

    assert (changed.status_code, changed.json()["description"]) == (201, "A port of a node.")
    assert (other.status_code, other.json()["description"]) == (201, "In Mbit/s.")
    assert client.get(f"/api/product_blocks/{block.pk}").json()["resource_types"][0] == other.json()
    assert [row["name"] for row in client.get("/api/product_blocks/?range=0,9").json()] == [block.name]
    events = AuditEvent.objects.filter(action="catalogue.change").values_list("subject_kind", "subject_id")
    assert list(events)[:1] == [("block", str(block.pk))]
    assert problem(api(viewer).patch(f"/api/product_blocks/{block.pk}", {"description": "x"})) == (
        403,
        requires("modeller", "admin"),
    )


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"description": ["This field is required."]}),
        ({"description": 7}, {"description": ["Must be a string."]}),
        ({"description": "x" * 2001}, {"description": ["Must have at most 2000 characters."]}),
        ({"name": "other", "description": "x"}, {"name": ["Unknown field."]}),
    ],
)
def test_description_that_does_not_hold_is_refused(
    api: Client, modeller: User, body: dict[str, object], errors: dict[str, list[str]]
) -> None:
    block = factory.published().roots.get().block

    answer = api(modeller).patch(f"/api/product_blocks/{block.pk}", body)

    assert (answer.status_code, answer.json()["errors"]) == (400, errors)


@pytest.mark.parametrize("path", ["product_blocks", "resource_types"])
def test_part_that_is_not_there_is_not_found(api: Client, modeller: User, path: str) -> None:
    unknown = UUID(int=7)
    client = api(modeller)

    answers = [client.get(f"/api/{path}/{unknown}"), client.patch(f"/api/{path}/{unknown}", {"description": "x"})]

    what = path.removesuffix("s").replace("_", " ")
    assert [problem(answer) for answer in answers] == [(404, f"There is no {what} {unknown}.")] * 2
