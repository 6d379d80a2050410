"""The pages that give a suspended process its input."""

from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from processes import actions
from processes.engine.values.status import ProcessStatus
from tests.factories import processes as rows
from tests.processes.conftest import RunReady
from tests.processes.views.conftest import page, words

pytestmark = pytest.mark.django_db


def test_suspended_process_is_given_its_input(visitor: Client, operator: User, run_ready: RunReady) -> None:
    process = actions.start("ask_somebody", [], by=operator)
    run_ready()
    assert "Needs input from NOC" in words(page(visitor, process))

    first: Any = visitor.get(f"/processes/{process.pk}/input/")
    second: Any = visitor.post(first.url, {"sure": "on"})
    assert "Second" in visitor.get(second.url).content.decode()
    resumed: Any = visitor.post(second.url, {"why": "so"})

    assert resumed.url == f"/processes/{process.pk}/"
    run_ready()
    process.refresh_from_db()
    assert process.status == "completed"
    again: Any = visitor.post(second.url, {"why": "other"})
    assert again.url == f"/processes/{process.pk}/"


def test_input_of_a_process_that_waits_for_none_is_refused(visitor: Client) -> None:
    process = rows.process(ProcessStatus.FAILED)

    shown = visitor.get(f"/processes/{process.pk}/input/{uuid4()}/0/")

    assert (shown.status_code, "it does not need input" in shown.content.decode()) == (409, True)
