"""What the demo begins with, in the admin: each form of it, saved untouched, is saved and changes nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from orchestrator_site.local import first_run
from processes.models import ExternalSystem
from processes.plugins import registry
from products.actions import export_catalogue
from products.models import Product, ProductVersion
from tests.orchestrator_site.demo.conftest import WORKFLOW_MODULES
from tests.products.admin.posting import as_sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings: Settings, roles: None) -> Iterator[None]:
    """All that the first run adds, but for the task that asks the simulator."""
    settings.WORKFLOW_MODULES = WORKFLOW_MODULES
    registry.reload()
    first_run.add_people()
    first_run.add_customers()
    first_run.import_catalogue()
    ExternalSystem.objects.create(name="inventory", max_concurrent=2, failure_threshold=5, cool_down_seconds=30)
    yield
    registry.reload()


def forms(client: Client, person: User, *, most: int | None) -> Iterator[str]:
    """The address of each form of the admin that this person may save; of so many rows of a model at most."""
    request: Any = client.get("/admin/").wsgi_request
    for model, model_admin in admin.site._registry.items():
        for row in model._default_manager.all()[:most]:
            if model_admin.has_change_permission(request, row):
                yield reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])


@pytest.mark.parametrize(("role", "most"), [("modeller", None), ("admin", 5)])
def test_each_form_of_the_admin_saves_untouched(demo: None, client: Client, role: str, most: int | None) -> None:
    """fault 1; the forms of the catalogue are the same for both."""
    person = User.objects.get(username=role)
    client.force_login(person)
    before = (export_catalogue(), ProductVersion.objects.count())
    addresses = list(forms(client, person, most=most))

    refused = {}
    for address in addresses:
        answer = client.post(address, as_sent(client, address))
        if answer.status_code != 302:
            refused[address] = [
                answer.context["errors"],
                [one.errors for one in answer.context["inline_admin_formsets"]],
            ]

    assert refused == {}
    assert len(addresses) >= Product.objects.count() > 0
    assert (export_catalogue(), ProductVersion.objects.count()) == before
