"""Blocks in the admin."""

import pytest
from django.test import Client

from products.models import ProductBlock
from tests.factories import products as factory

pytestmark = pytest.mark.django_db


def test_deleting_what_others_hold_is_refused(modelling: Client) -> None:
    port = factory.block("Port")
    node = factory.block("Node")
    factory.block_field(port, "node", node, owned=False)

    answer = modelling.post(f"/admin/products/productblock/{node.pk}/delete/", {"post": "yes"}, follow=True)

    assert "Not deleted." in answer.content.decode()
    assert ProductBlock.objects.filter(pk=node.pk).exists()
