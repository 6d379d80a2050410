"""The description of the REST interface."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from tests.answers import READING, problem

pytestmark = pytest.mark.django_db
Client = Callable[..., APIClient]


def test_docs_name_no_other_host(api: Client, viewer: User) -> None:
    page = api(viewer).get("/api/docs/").content.decode()

    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "https://" not in page
    assert "<style" not in page


def test_description_is_closed_to_strangers(api: Client, stranger: User) -> None:
    assert problem(api(stranger).get("/api/schema/?format=json")) == (403, READING)
