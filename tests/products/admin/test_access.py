"""Who may change the catalogue in the admin."""

import pytest
from django.test import Client

from products.models import ResourceType

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["viewer", "operator", "stranger"])
def test_others_cannot_model(who: str, client: Client, request: pytest.FixtureRequest) -> None:
    client.force_login(request.getfixturevalue(who))

    client.post("/admin/products/resourcetype/add/", {"name": "x", "kind": "string"})

    assert not ResourceType.objects.exists()
