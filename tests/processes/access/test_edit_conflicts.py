"""Two people edit one object in the admin: the second is told, and sees both."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from processes.models import ExternalSystem
from products.models import BlockField, ProductBlock
from tests.factories import products as factory
from tests.factories import subscriptions
from tests.products.admin.posting import as_sent

pytestmark = pytest.mark.django_db


def opened(client: Client, address: str) -> dict[str, Any]:
    """What the form would send if nothing were touched, with all that it carries."""
    seen = re.search(r'name="_seen" value="([^"]*)"', client.get(address).content.decode())
    assert seen is not None
    return {**as_sent(client, address), "_seen": unescape(seen[1])}


def messages(client: Client, address: str, sent: dict[str, Any]) -> list[str]:
    answer = client.post(address, sent)
    return list(answer.context["adminform"].form.non_field_errors()) if answer.context else []


@pytest.fixture
def second(client: Client, modeller: User) -> Client:
    client.force_login(modeller)
    return client


def test_the_second_of_two_modellers_is_told_and_sees_both(second: Client) -> None:
    """fault 16"""
    factory.published()
    block = ProductBlock.objects.get()
    field = BlockField.objects.get()
    address = f"/admin/products/productblock/{block.pk}/change/"
    sent = {**opened(second, address), "description": "of the second"}
    ProductBlock.objects.update(description="of the first")
    BlockField.objects.update(description="beside it")

    told = messages(second, address, sent)

    assert told[1:] == [
        "Description is now: of the first",
        f"Field {field.pk}, “{field}”: Description is now: beside it",
    ]
    assert told[0].startswith("Somebody else has changed this since you opened it. Nothing was saved.")
    assert ProductBlock.objects.get().description == "of the first"
    assert second.post(address, {**sent, "_seen": opened(second, address)["_seen"]}).status_code == 302
    assert ProductBlock.objects.get().description == "of the second"


def test_rows_that_came_or_went_are_told(second: Client) -> None:
    """fault 16"""
    factory.published()
    block = ProductBlock.objects.get()
    address = f"/admin/products/productblock/{block.pk}/change/"
    sent = opened(second, address)
    old = BlockField.objects.get()
    name = str(old)
    BlockField.objects.create(block=block, name="added", resource_type=factory.resource_type("added"))
    BlockField.objects.filter(pk=old.pk).update(block=factory.block("Other"))

    told = messages(second, address, sent)

    assert f"Field {old.pk}, “{name}”: Name is no longer there." in told
    assert any(line.endswith("“added”: Name is now: added") for line in told)


def test_who_saves_twice_without_another_is_told_nothing(second: Client) -> None:
    factory.published()
    address = f"/admin/products/productblock/{ProductBlock.objects.get().pk}/change/"

    for text in ("one", "two"):
        assert second.post(address, {**opened(second, address), "description": text}).status_code == 302

    assert ProductBlock.objects.get().description == "two"


@pytest.mark.parametrize(
    ("address", "change", "told"),
    [
        ("/admin/subscriptions/customer/{}/change/", {"fullname": "Others"}, "Full name is now: Others"),
        ("/admin/processes/externalsystem/{}/change/", {"max_concurrent": 7}, "Concurrency limit is now: 7"),
        ("/admin/auth/user/{}/change/", {"first_name": "Other"}, "First name is now: Other"),
    ],
)
def test_customers_people_and_external_systems_too(
    client: Client, admin_user: User, address: str, change: dict[str, Any], told: str
) -> None:
    """fault 16"""
    limits = {"max_concurrent": 2, "failure_threshold": 5, "cool_down_seconds": 30}
    made: dict[str, Any] = {
        "customer": subscriptions.customer,
        "externalsystem": lambda: ExternalSystem.objects.create(name="inventory", **limits),
        "user": lambda: admin_user,
    }
    row: Any = made[address.split("/")[3]]()
    model: Any = type(row)
    address = address.format(row.pk)
    client.force_login(admin_user)
    sent = opened(client, address)
    model.objects.update(**change)

    assert messages(client, address, sent)[1:] == [told]
    assert {name: getattr(model.objects.get(), name) for name in change} == change


@pytest.mark.parametrize("seen", ["", "[]", "{", '{"a": 1}', "9" * 5000])
def test_a_form_that_says_nothing_sensible_is_answered(second: Client, seen: str) -> None:
    factory.published()
    address = f"/admin/products/productblock/{ProductBlock.objects.get().pk}/change/"

    answer = second.post(address, {**as_sent(second, address), "_seen": seen})

    assert answer.status_code in (200, 302)
    assert ProductBlock.objects.get().description == ""
