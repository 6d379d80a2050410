"""Who may change the catalogue in the admin."""

import pytest
from django.test import Client

from processes.models import AccessGrant
from products.actions import publish_all
from products.models import BlockField, Product, ProductBlock, ProductVersion, ResourceType
from tests.factories import products as factory
from tests.products.admin.posting import as_sent

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["viewer", "operator", "stranger"])
def test_others_cannot_model(who: str, client: Client, request: pytest.FixtureRequest) -> None:
    client.force_login(request.getfixturevalue(who))

    client.post("/admin/products/resourcetype/add/", {"name": "x", "kind": "string"})

    assert not ResourceType.objects.exists()


def shared_block() -> str:
    """The address of a block of two products, both published."""
    factory.product("port 10G")
    factory.product("port 100G")
    publish_all("somebody")
    return f"/admin/products/productblock/{ProductBlock.objects.get().pk}/change/"


def only(effect: str, action: str, *products: str) -> None:
    AccessGrant.objects.create(
        name=f"{effect} {action}", effect=effect, actions=[action], condition={"product": list(products)}
    )


@pytest.mark.parametrize(
    ("effect", "action"), [("only", "edit_catalogue"), ("only", "view"), ("deny", "edit_catalogue")]
)
def test_what_products_share_needs_the_right_for_each(modelling: Client, effect: str, action: str) -> None:
    """A limited modeller changed products that are closed to them through their block."""
    address = shared_block()
    sent = as_sent(modelling, address, **{"fields-0-required_from": "active"})
    only(effect, action, "port 10G")

    page = modelling.get(address).content.decode()
    saved = modelling.post(address, sent)
    deleted = modelling.post(address.replace("change", "delete"), {"post": "yes"})

    assert "a product that you may not change uses it." in page
    assert (saved.status_code, deleted.status_code) == (403, 403)
    assert "100G" not in saved.content.decode() + deleted.content.decode() + (page if action == "view" else "")
    assert BlockField.objects.get().required_from == "never"
    assert ProductVersion.objects.count() == 2


def test_a_resource_type_of_another_product_is_closed(modelling: Client) -> None:
    """What is shared with a product that is closed is closed."""
    shared_block()
    kind = BlockField.objects.get().resource_type
    assert kind is not None
    address = f"/admin/products/resourcetype/{kind.pk}/change/"
    sent = as_sent(modelling, address, description="Mine now")
    only("only", "edit_catalogue", "port 10G")

    assert modelling.post(address, sent).status_code == 403
    assert ResourceType.objects.get(pk=kind.pk).description != "Mine now"


def test_with_the_right_for_each_it_is_changed(modelling: Client) -> None:
    address = shared_block()
    only("only", "edit_catalogue", "port*")

    saved = modelling.post(address, as_sent(modelling, address, **{"fields-0-required_from": "active"}))

    assert saved.status_code == 302
    assert ProductVersion.objects.filter(number=2).count() == 2


def test_a_new_product_that_one_may_not_change_is_refused(modelling: Client) -> None:
    """What is closed may not be made either."""
    shared_block()
    address = "/admin/products/product/add/"
    only("only", "edit_catalogue", "port 10G")
    named = {"name": "edge", "description": "Edge", "product_type": "Edge", "tag": "E", "status": "active"}
    sent = as_sent(
        modelling, address, **named, **{"roots-0-name": "port", "roots-0-block": ProductBlock.objects.get().pk}
    )

    page = modelling.post(address, sent).content.decode()

    assert "This changes products that you may not change: edge." in page
    assert not Product.objects.filter(name="edge").exists()
