"""Whatever is saved in the admin is published, once its impact was shown."""

import pytest
from django.test import Client
from pytest_django import Settings

from products.actions import publish_all
from products.models import BlockField, ProductBlock, ProductVersion
from tests.factories import products as factory
from tests.products.admin.conftest import errors
from tests.products.admin.posting import as_sent

pytestmark = pytest.mark.django_db


def test_saving_what_is_there_changes_nothing(modelling: Client) -> None:
    product = factory.published()
    block = ProductBlock.objects.get()

    for address in (f"product/{product.pk}", f"productblock/{block.pk}"):
        whole = f"/admin/products/{address}/change/"
        assert modelling.post(whole, as_sent(modelling, whole)).status_code == 302

    assert ProductVersion.objects.count() == 1


def test_saving_a_block_publishes_its_products(modelling: Client) -> None:
    factory.product("port 10G")
    factory.product("port 100G")
    publish_all("somebody")
    address = f"/admin/products/productblock/{ProductBlock.objects.get().pk}/change/"

    modelling.post(address, as_sent(modelling, address, **{"fields-0-required_from": "active"}))

    newest = ProductVersion.objects.filter(number=2).order_by("product__name")
    assert list(newest.values_list("product__name", "created_by")) == [
        ("port 100G", "modeller"),
        ("port 10G", "modeller"),
    ]


def test_impact_is_shown_before_it_is_saved(modelling: Client, settings: Settings) -> None:
    settings.CATALOGUE_IMPACT = "tests.products.hooks.two_move"
    factory.published()
    address = f"/admin/products/productblock/{ProductBlock.objects.get().pk}/change/"
    sent = as_sent(modelling, address, **{"fields-0-required_from": "active"})

    asked = modelling.post(address, sent)

    assert "port 10G: 2 subscriptions would move to version 2." in asked.content.decode()
    assert BlockField.objects.get().required_from == "never"
    name, value = asked.context["confirmed"]
    kept = dict(asked.context["hidden"])
    assert modelling.post(address, {**kept, "_reconsider": "1"}).status_code == 200
    assert BlockField.objects.get().required_from == "never"
    assert modelling.post(address, {**kept, name: "another question"}).context["lines"] == asked.context["lines"]
    assert modelling.post(address, {**kept, name: value}).status_code == 302
    assert BlockField.objects.get().required_from == "active"
    assert ProductVersion.objects.count() == 2


def test_what_does_not_fit_is_refused(modelling: Client, settings: Settings) -> None:
    settings.CATALOGUE_CHANGE_HOOKS = ["tests.products.hooks.refuse"]
    factory.published()
    address = f"/admin/products/productblock/{ProductBlock.objects.get().pk}/change/"

    found = errors(modelling, address, as_sent(modelling, address, **{"fields-0-required_from": "active"}))

    assert found == ["port 10G: 1 subscription would not fit."]
    assert BlockField.objects.get().required_from == "never"
    assert ProductVersion.objects.count() == 1
