"""What REST takes for JSON: numbers as they were sent, no key twice, nothing too deep."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from tests.answers import problem

pytestmark = pytest.mark.django_db
Client = Callable[..., APIClient]


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ('[{"a": 1, "a": 2}]', "The body names “a” twice in one object."),
        ("[" * 120 + "]" * 120, "The body is nested deeper than 100 levels."),
        ('["\\u0000"]', "The body contains a NUL character."),
    ],
)
def test_body_whose_meaning_is_not_certain_is_refused(api: Client, operator: User, body: str, detail: str) -> None:
    answer: Any = api(operator).post("/api/processes/modify_note", body, content_type="application/json")

    assert problem(answer) == (400, detail)
