"""A site with workflows, a modeller at the admin, and what its forms say."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from processes.plugins import registry

FIELD = {"kind": "scalar", "owned": "on", "modifiable": "on", "required_from": "never"}


@pytest.fixture(autouse=True)
def _site_with_workflows(settings: Settings) -> Iterator[None]:
    settings.CATALOGUE_CHANGE_HOOKS = []
    settings.CATALOGUE_RETIRE_HOOKS = []
    settings.CATALOGUE_IMPACT = ""
    settings.WORKFLOW_MODULES = ["tests.products.workflows"]
    registry.reload()
    yield
    registry.reload()


@pytest.fixture
def modelling(client: Client, modeller: User) -> Client:
    client.force_login(modeller)
    return client


def errors(client: Client, address: str, data: dict[str, object]) -> list[str]:
    """What a form says when it is sent; nothing is stored then."""
    context = client.post(address, data).context
    found = [error for messages in context["adminform"].form.errors.values() for error in messages]
    for one in context["inline_admin_formsets"]:
        found += [error for form in one.formset.forms for messages in form.errors.values() for error in messages]
        found += list(one.formset.non_form_errors())
    return found


def fields_at_fault(client: Client, address: str, data: dict[str, object]) -> list[str]:
    """Beside which fields the form, or its first inline row, says what it says."""
    context = client.post(address, data).context
    forms = [
        context["adminform"].form,
        *(form for one in context["inline_admin_formsets"] for form in one.formset.forms[:1]),
    ]
    return [name for form in forms for name in form.errors]
