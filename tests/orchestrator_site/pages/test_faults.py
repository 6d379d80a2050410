"""The pages of faults."""

import pytest
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.test import Client


@pytest.mark.django_db
def test_a_missing_page_is_answered_in_the_site_s_look(client: Client, operator: User) -> None:
    client.force_login(operator)

    response = client.get("/no/such/page/")

    assert response.status_code == 404
    assert "This page does not exist." in response.content.decode()


def test_the_page_of_a_fault_stands_alone() -> None:
    html = render_to_string("500.html")

    assert "Internal server error." in html
    assert "csrf" not in html
