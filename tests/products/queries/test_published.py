"""What is published and offered."""

import pytest
from pytest_django import DjangoAssertNumQueries

from processes.engine.values.status import Target
from products import queries
from products.models import Product, ProductVersion
from tests.conftest import person
from tests.factories import products as factory

pytestmark = pytest.mark.django_db


def test_offers_by_target() -> None:
    product = factory.product()

    assert queries.offers(product.pk) == {"create": ["create_subscription"], "terminate": ["terminate_subscription"]}
    assert queries.workflow_of(product.pk, Target.CREATE) == "create_subscription"
    assert queries.workflow_of(product.pk, Target.MODIFY) is None
    assert queries.offered(product.pk, "create_subscription")
    assert not queries.offered(product.pk, "create_node")


def test_orderable_products_are_active_and_offer_a_create() -> None:
    factory.product("port 10G")
    factory.product("old", status="phase out")
    Product.objects.create(name="bare", description="x", product_type="Port", tag="PORT")

    assert [product.name for product in queries.orderable()] == ["port 10G"]


def test_no_version_before_publishing() -> None:
    product = factory.product()

    assert queries.published_schema(product.pk) is None
    with pytest.raises(ProductVersion.DoesNotExist):
        queries.current_version(product.pk)


def test_schema_of_a_version_is_read_once(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    product = factory.published()
    version = queries.current_version(product.pk)
    first = queries.schema_of(version.pk)

    with django_assert_num_queries(0):
        assert queries.schema_of(version.pk) is first


def test_what_is_in_pre_production_is_ordered_by_those_who_may_test() -> None:
    product = factory.published(status="pre production")
    tester, operator = person("tess", "operator", "modeller"), person("olga", "operator")

    assert list(queries.orderable_by(tester)) == [product]
    assert list(queries.orderable_by(operator)) == []
    assert (queries.may_order(product, tester), queries.may_order(product, operator)) == (True, False)
    product.status = "phase out"
    assert not queries.may_order(product, tester)
