"""The pages of products in a real browser."""

import pytest
from django.contrib.auth.models import User

from tests.browser import Visit, violations
from tests.factories import products as factory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_pages_are_accessible(visit: Visit, operator: User) -> None:
    port = factory.block("Port", port_name="string", speed="integer")
    factory.block_field(port, "node", factory.block("Node", node_name="string"), owned=False)
    product = factory.published()
    visit.sign_in("operator")

    for address in ("/products/", f"/products/{product.pk}/"):
        visit.open(address)

        for _ in visit.looks():
            assert violations(visit.page) == []
            visit.check_manners()
