"""Minting while the model is being replaced: the new model or none."""

from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from products.actions import CatalogueFileInvalid
from products.queries import current_version
from subscriptions.actions import (
    mint,
)
from subscriptions.models import Subscription
from subscriptions.queries.loading import load
from tests.factories import subscriptions as make
from tests.processes.threads import together
from tests.subscriptions.conftest import ROUNDS

pytestmark = pytest.mark.usefixtures("offered")


def test_nothing_is_minted_in_a_model_that_is_being_replaced() -> None:
    product = make.product("node")
    customer = make.customer()
    numbers = count()

    def publish() -> None:
        field = f"      - {{name: size, resource_type: ims_id, default: {next(numbers)}}}\n"
        make.catalogue(make.CATALOGUE.replace("  - name: Port\n", f"{field}  - name: Port\n", 1))

    def order() -> Any:
        return mint(product.pk, customer_id=customer.pk, subscription_id=uuid4(), cause=make.CAUSE)

    for number in range(ROUNDS):
        outcomes = together([publish, order, order])

        assert [one for one in outcomes if isinstance(one, Exception)] == []
        newest = current_version(product.pk)
        stored = Subscription.objects.values_list("pk", "product_version")
        assert {version for _, version in stored} == {newest.pk}
        assert {load(pk).node.size for pk, _ in stored} <= set(range(number + 1))


def test_a_model_that_what_is_being_ordered_does_not_fit_is_refused_or_comes_first() -> None:
    product, customer = make.product("node"), make.customer()
    needed = "      - {name: size, resource_type: ims_id, required_from: initial}\n"
    text = make.CATALOGUE.replace("  - name: Port\n", f"{needed}  - name: Port\n", 1)

    outcomes = together([
        lambda: make.catalogue(text),
        lambda: mint(product.pk, customer_id=customer.pk, subscription_id=uuid4(), cause=make.CAUSE),
    ])  # fmt: skip

    is_refused = isinstance(outcomes[0], CatalogueFileInvalid)
    versions = set(Subscription.objects.values_list("product_version", flat=True))
    assert versions <= {current_version(product.pk).pk}
    assert current_version(product.pk).number == (1 if is_refused else 2)
