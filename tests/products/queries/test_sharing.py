"""What products a block or a resource type is shared by: those that own it, however deep, and no others."""

import pytest

from products.models import FixedInput, ProductBlock, ResourceType
from products.queries.sharing import products_with
from tests.factories import products as factory

pytestmark = pytest.mark.django_db


def names(part: ProductBlock | ResourceType) -> list[str]:
    return [product.name for product in products_with(part)]


def test_products_that_own_a_block_at_any_depth() -> None:
    port = factory.product("port 10G")
    top = ProductBlock.objects.get()
    below, other = factory.block("Below"), factory.block("Other")
    factory.block_field(top, "below", below, owned=True)
    factory.block_field(below, "other", other, owned=False)
    kind = ResourceType.objects.create(name="deep", kind="string")
    below.fields.create(name="deep", resource_type=kind)

    assert (names(top), names(below), names(other), names(kind)) == ([port.name], [port.name], [], [port.name])


def test_products_whose_constants_have_a_type() -> None:
    port = factory.product("port 10G")
    kind = ResourceType.objects.create(name="weight", kind="integer")
    FixedInput.objects.create(product=port, name="weight", resource_type=kind, value=1)

    assert names(kind) == ["port 10G"]
