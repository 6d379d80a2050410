"""Blocks in the admin."""

from typing import Any

import pytest
from django.test import Client

from products.models import BlockField, BlockRule, ProductBlock, ResourceType
from tests.factories import products as factory
from tests.products.admin.posting import as_sent

pytestmark = pytest.mark.django_db


def test_deleting_what_others_hold_is_refused(modelling: Client) -> None:
    port = factory.block("Port")
    node = factory.block("Node")
    factory.block_field(port, "node", node, owned=False)

    answer = modelling.post(f"/admin/products/productblock/{node.pk}/delete/", {"post": "yes"}, follow=True)

    assert "Not deleted." in answer.content.decode()
    assert ProductBlock.objects.filter(pk=node.pk).exists()


@pytest.mark.parametrize(
    ("kind", "default"),
    [("json", "Test"), ("json", []), ("json", {}), ("json", ""), ("string", ""), ("string", " a "), ("text", "a\nb")],
)
def test_block_that_nobody_touched_is_saved_as_it_was(modelling: Client, kind: str, default: Any) -> None:
    """Fault 17: a JSON default “Test” could not be saved again before it was quoted."""
    block = factory.block("Port")
    ResourceType.objects.create(name="x", kind=kind)
    BlockField.objects.create(block=block, name="x", resource_type=ResourceType.objects.get(name="x"), default=default)
    address = f"/admin/products/productblock/{block.pk}/change/"

    saved = modelling.post(address, as_sent(modelling, address, description="Other"))

    block.refresh_from_db()
    assert (saved.status_code, block.description) == (302, "Other")
    kept = BlockField.objects.get().default
    assert (type(kept), kept) == (type(default), default)


def test_field_that_gets_another_name_says_what_it_was(modelling: Client) -> None:
    block = factory.block("Port")
    ResourceType.objects.create(name="x", kind="string")
    BlockField.objects.create(block=block, name="x", resource_type=ResourceType.objects.get(name="x"))
    address = f"/admin/products/productblock/{block.pk}/change/"

    modelling.post(address, as_sent(modelling, address, **{"fields-0-name": "y"}))

    assert list(BlockField.objects.values_list("name", "formerly")) == [("y", "x")]


def test_two_rows_that_cannot_be_built_are_mended_one_after_the_other(modelling: Client) -> None:
    for name in ("x", "y"):
        ResourceType.objects.create(name=name, kind="decimal", maximum="1e400")
        block = factory.block(name.upper())
        BlockField.objects.create(block=block, name=name, resource_type=ResourceType.objects.get(name=name))

    for name in ("x", "y"):
        row = ResourceType.objects.get(name=name)
        address = f"/admin/products/resourcetype/{row.pk}/change/"
        assert modelling.get(address).status_code == 200
        assert modelling.post(address, as_sent(modelling, address, maximum="5")).status_code == 302

    assert set(ResourceType.objects.values_list("maximum", flat=True)) == {"5"}


def rule_sent(modelling: Client, block: ProductBlock, rule: str) -> Any:
    address = f"/admin/products/productblock/{block.pk}/change/"
    row = {"rules-TOTAL_FORMS": 1, "rules-0-rule": rule, "rules-0-message": "No.", "rules-0-position": 0}
    return modelling.post(address, as_sent(modelling, address, **row))


def test_a_rule_is_kept_and_one_that_cannot_be_is_refused(modelling: Client) -> None:
    block = factory.block("Port")
    ResourceType.objects.create(name="x", kind="integer")
    BlockField.objects.create(block=block, name="x", resource_type=ResourceType.objects.get(name="x"))

    unread = rule_sent(modelling, block, "x >")
    unknown = rule_sent(modelling, block, "y > 1")
    saved = rule_sent(modelling, block, "x > 1")

    assert "The rule cannot be read: invalid syntax (at character 4)." in unread.content.decode()
    assert "block Port, rule 1: “y &gt; 1” refers to nothing: there is no “y”; there is x" in unknown.content.decode()
    assert (saved.status_code, list(BlockRule.objects.values_list("rule", "message"))) == (302, [("x > 1", "No.")])


def test_a_block_that_gets_another_name_says_what_it_was(modelling: Client) -> None:
    block = factory.block("Port", x="integer")
    address = f"/admin/products/productblock/{block.pk}/change/"

    modelling.post(address, as_sent(modelling, address, name="Access port"))

    assert list(ProductBlock.objects.values_list("name", "formerly")) == [("Access port", "Port")]


def test_a_name_in_use_is_refused_in_words(modelling: Client) -> None:
    block = factory.block("Port", x="integer")
    factory.block("Node", x="integer")
    address = f"/admin/products/productblock/{block.pk}/change/"

    answer = modelling.post(address, as_sent(modelling, address, name="Node"))

    assert "Product block with this Name already exists." in answer.content.decode()
    assert set(ProductBlock.objects.values_list("name", flat=True)) == {"Port", "Node"}


def test_a_block_that_a_product_holds_does_not_end(modelling: Client) -> None:
    product = factory.published()
    block = ProductBlock.objects.get(name="Port")
    address = f"/admin/products/productblock/{block.pk}/change/"

    refused = modelling.post(address, as_sent(modelling, address, status="end of life"))
    product.status = "end of life"
    product.save()
    saved = modelling.post(address, as_sent(modelling, address, status="end of life"))

    assert "product port 10G: holds the block Port, which is at its end of life" in refused.content.decode()
    assert (saved.status_code, ProductBlock.objects.get(name="Port").status) == (302, "end of life")


def test_rules_and_computed_values_follow_a_field_that_gets_another_name(modelling: Client) -> None:
    node, port = factory.block("Node", node_name="string"), factory.block("Port", node_name="string")
    factory.block_field(port, "node", node, owned=False)
    title = factory.resource_type("title")
    made = "{{x}} é {node.node_name} on {node_name}"
    BlockField.objects.create(block=port, name="title", resource_type=title, computed=made)
    BlockRule.objects.create(
        block=port, rule='node.node_name != "node_name" and len(node.node_name) > 1', message="No."
    )
    address = f"/admin/products/productblock/{node.pk}/change/"

    saved = modelling.post(address, as_sent(modelling, address, **{"fields-0-name": "host"}))

    assert saved.status_code == 302
    assert BlockField.objects.get(name="title").computed == "{{x}} é {node.host} on {node_name}"
    assert BlockRule.objects.get().rule == 'node.host != "node_name" and len(node.host) > 1'
