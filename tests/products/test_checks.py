"""What the check of a database says of its catalogue."""

import pytest

from products.checks import catalogue
from products.models import ResourceType

pytestmark = pytest.mark.django_db


def test_a_type_of_an_unknown_kind_is_named() -> None:
    ResourceType.objects.create(name="strange", kind="banana")

    assert [warning.msg for warning in catalogue(None, databases=["default"])] == [
        "The catalogue cannot be built here: resource type strange: the kind is “banana”, which this release does not"
        " know."
    ]


def test_without_a_database_nothing_is_asked() -> None:
    ResourceType.objects.create(name="strange", kind="banana")

    assert catalogue(None) == []
