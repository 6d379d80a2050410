"""What is kept for how long, on a page for administrators."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from processes.engine.values.status import ProcessStatus, Target
from tests.factories.processes import process

pytestmark = pytest.mark.django_db


def test_page_shows_what_would_go(client: Client, admin_user: User, settings: Settings) -> None:
    settings.RETENTION_DAYS = {"tasks": 30}
    for _ in range(3):
        long_ago = timezone.now() - timedelta(days=40)
        process(ProcessStatus.COMPLETED, workflow="t", target=Target.SYSTEM, ended_at=long_ago)
    client.force_login(admin_user)

    text = re.sub(r"<[^>]*>", " ", client.get("/engine/retention/").content.decode())

    shown = " ".join(text.split())
    assert "Tasks that have ended ( tasks ) 30 days 3" in shown
    assert "Processes that have ended ( processes ) ever" in shown


def test_page_is_for_administrators(client: Client, operator: User) -> None:
    client.force_login(operator)

    answer = client.get("/engine/retention/")

    assert (answer.status_code, "Retention" in answer.content.decode()) == (403, False)
