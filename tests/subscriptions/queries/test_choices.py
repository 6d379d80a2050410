"""Choices for authors of workflows: listed where there are few, searched where there are many."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_forms.validators import Choice

from subscriptions import queries
from subscriptions.models import BlockInstance, Customer, Subscription
from subscriptions.queries.choices import MOST_OPTIONS, block_labels
from subscriptions.queries.searched import Searched
from tests.factories import site
from tests.factories import subscriptions as make

pytestmark = pytest.mark.django_db


def labels(choices: type[Choice]) -> dict[str, str]:
    return {str(one.value): one.label for one in choices}


@pytest.fixture
def many(db: None) -> Subscription:
    """More subscriptions than are listed, each with one block; one of them."""
    of = site.product()
    one = site.subscription(of, "router 0")
    facts = {name: getattr(one, name) for name in ("product", "product_version", "customer", "created_at")}
    rows = [
        Subscription(description=f"router {number}", status="active", modified_at=one.created_at, **facts)
        for number in range(1, MOST_OPTIONS + 1)
    ]
    Subscription.objects.bulk_create(rows)
    BlockInstance.objects.bulk_create(BlockInstance(subscription=row, block_name="Node") for row in [one, *rows])
    return one


def test_few_are_listed_by_description() -> None:
    node, other, customer = make.node("b"), make.node("a"), make.customer()

    assert labels(queries.subscription_choices(tag="NODE")) == {
        str(other.subscription_id): "node a",
        str(node.subscription_id): "node b",
    }
    assert labels(queries.customer_choices()) == {str(customer.pk): "Example"}


def test_blocks_of_one_subscription_are_told_apart() -> None:
    node = make.node()
    circuit = make.circuit(make.port(node, "1"), make.port(node, "2"))
    first, second = circuit.circuit.saps
    first.label = "left"
    make.changed(circuit)
    block = node.node.subscription_instance_id

    assert sorted(labels(queries.block_choices("SAP")).values()) == sorted(
        ["circuit (left)", f"circuit ({str(second.subscription_instance_id)[:8]})"]
    )
    assert labels(queries.block_choices("Node")) == block_labels([block, uuid4()]) == {str(block): "node ams-1"}


@pytest.mark.parametrize(
    ("choices", "schema"),
    [
        (
            lambda: queries.subscription_choices(tag="NODE"),
            {"type": "string", "format": "subscriptionId", "search": {"tag": "NODE", "status": "active"}},
        ),
        (
            lambda: queries.block_choices("Node", "Port"),
            {"type": "string", "format": "blockInstanceId", "search": {"blocks": "Node,Port", "status": "active"}},
        ),
    ],
    ids=["subscriptions", "blocks"],
)
def test_many_are_searched_and_take_an_id_or_a_whole_name(choices: Any, schema: object, many: Subscription) -> None:
    kind = TypeAdapter(choices())
    one = many.pk if schema["format"] == "subscriptionId" else many.instances.get().pk  # type: ignore[index]

    by_id, by_name = kind.validate_python(str(one)), kind.validate_python(" router 0 ")

    assert kind.json_schema() == schema
    assert by_id == by_name == by_id.value == str(one)
    assert by_id.label == "router 0"
    assert kind.dump_python(by_id, mode="json") == str(one)
    for wrong in ("router", str(UUID(int=7)), "", None, 7):
        with pytest.raises(ValidationError, match="Nothing matches"):
            kind.validate_python(wrong)


def test_a_name_that_several_have_means_none_of_them(many: Subscription) -> None:
    Subscription.objects.filter(description="router 1").update(description="router 0")

    with pytest.raises(ValidationError, match="more than one"):
        TypeAdapter(queries.subscription_choices()).validate_python("router 0")


def test_many_customers_are_searched_and_have_labels() -> None:
    Customer.objects.bulk_create(Customer(fullname=f"c {n}", shortcode=f"{n}") for n in range(MOST_OPTIONS + 1))
    one = Customer.objects.get(fullname="c 7")
    choices: Any = queries.customer_choices()

    class Page(BaseModel):
        customer: choices

    assert issubclass(choices, Searched)
    assert choices(str(one.pk)).label == "c 7"
    assert Page(customer="C 7").model_dump(mode="json") == {"customer": str(one.pk)}
    with pytest.raises(ValueError, match="Nothing is called"):
        choices("nobody")
