"""Names that a model may not use: what authors already find on a subscription and on a block."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from products.schema import ProductSchema
from products.schema.checks import FACTS_OF_SUBSCRIPTION, RESERVED_IN_BLOCK, RESERVED_IN_PRODUCT
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.tree import Block, Owner, Subscription

NOW = datetime(2026, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shown", "reserved"), [(Subscription, RESERVED_IN_PRODUCT), (Block, RESERVED_IN_BLOCK)], ids=["product", "block"]
)
def test_no_name_of_ours_can_be_modelled(shown: type, reserved: frozenset[str]) -> None:
    ours = {name for name in dir(shown) if not name.startswith("_")}

    assert sorted(ours - reserved) == []


def test_every_fact_of_a_computed_text_is_there() -> None:
    schema = ProductSchema(uuid4(), "port 10G", "Port", "PORT", 1, inputs=(), roots=(), blocks={})
    owner = Owner(
        uuid4(), schema, "port 1/1", SubscriptionLifecycle.ACTIVE, insync=True, customer_id="SURF", note="n",
        start_date=NOW, end_date=NOW,
    )  # fmt: skip

    assert sorted(name for name in FACTS_OF_SUBSCRIPTION if owner.fact(name) is None) == []
