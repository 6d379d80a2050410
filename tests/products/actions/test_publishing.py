"""Publishing: one version per changed product, hooks in the same transaction, refusals of everything."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from processes.models import AuditEvent
from products import queries
from products.actions import (
    CatalogueChangeRefused,
    CatalogueInvalid,
    Effect,
    impact,
    pending_changes,
    publish,
    publish_all,
)
from products.models import BlockField, ProductBlock, ProductVersion, ResourceType, VersionIsImmutable
from tests.factories import products as factory
from tests.products import hooks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _plain_site(settings: Settings) -> Iterator[None]:
    settings.CATALOGUE_CHANGE_HOOKS = ["tests.products.hooks.remember"]
    settings.CATALOGUE_IMPACT = ""
    hooks.TOLD.clear()
    yield
    hooks.TOLD.clear()


def test_publish_makes_the_first_version() -> None:
    product = factory.product()

    version = publish(product, by="modeller")

    assert version is not None
    assert (version.number, version.created_by) == (1, "modeller")
    schema = queries.current_schema(product.pk)
    assert (schema.version, schema.name, dict(schema.fixed_inputs)) == (1, "port 10G", {"speed": 10_000})
    assert [field.name for field in schema.blocks["Port"].fields] == ["port_name"]
    assert hooks.TOLD == [("port 10G", None, 1, "modeller")]
    assert list(AuditEvent.objects.values_list("action", "actor", "subject_id")) == [
        ("catalogue.publish", "modeller", str(product.pk))
    ]


def test_publish_again_changes_nothing() -> None:
    product = factory.published()

    assert publish(product, by="modeller") is None
    assert publish_all(by="modeller") == []


def test_a_changed_block_makes_versions_of_its_products_only() -> None:
    ten, hundred = factory.product("port 10G"), factory.product("port 100G")
    other = factory.product("router", root=factory.block("Router", router_name="string"))
    publish_all(by="modeller")

    BlockField.objects.filter(name="port_name").update(required_from="active")
    versions = publish_all(by="modeller")

    assert [(version.product, version.number) for version in versions] == [(hundred, 2), (ten, 2)]
    assert queries.current_version(other.pk).number == 1


def test_a_product_that_cannot_be_built_publishes_nothing() -> None:
    factory.published()
    BlockField.objects.filter(name="port_name").update(minimum=1)

    with pytest.raises(CatalogueInvalid) as refused:
        publish_all(by="modeller")

    assert str(refused.value) == (
        "block Port, field port_name: is not a list, so it has no minimum, maximum or unique members"
    )
    assert ProductVersion.objects.count() == 1


def test_a_contradictory_type_publishes_nothing() -> None:
    factory.product()
    ResourceType.objects.filter(name="speed").update(minimum="fast")

    with pytest.raises(CatalogueInvalid, match="resource type speed: a bound must be a finite number"):
        publish_all(by="modeller")


def test_a_hook_refuses_all_of_it(settings: Settings) -> None:
    product = factory.published()
    settings.CATALOGUE_CHANGE_HOOKS = ["tests.products.hooks.refuse"]
    ProductBlock.objects.filter(name="Port").update(description="Changed.")

    with pytest.raises(CatalogueChangeRefused, match=r"port 10G: 1 subscription would not fit\."):
        publish_all(by="modeller")

    assert queries.current_version(product.pk).number == 1


def test_impact_is_asked_for_published_products_only(settings: Settings) -> None:
    settings.CATALOGUE_IMPACT = "tests.products.hooks.two_move"
    factory.published()
    factory.product("port 100G")
    ProductBlock.objects.filter(name="Port").update(description="Changed.")

    assert impact(pending_changes()) == [Effect("port 10G: 2 subscriptions would move to version 2.")]


def test_no_impact_without_anybody_to_ask() -> None:
    factory.product()

    assert impact(pending_changes()) == []


def test_versions_are_immutable() -> None:
    product = factory.published()

    with pytest.raises(VersionIsImmutable):
        queries.current_version(product.pk).save()
