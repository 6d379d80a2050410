"""Workflows and the audit trail in the admin: shown to those who may, changed by nobody."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from processes import audit
from tests.factories.processes import workflow_version

pytestmark = pytest.mark.django_db


def signed_in(client: Client, user: User) -> Client:
    user.is_staff = True
    user.save()
    client.force_login(user)
    return client


def test_modeller_reads_workflows_and_not_the_trail(client: Client, modeller: User) -> None:
    workflow = workflow_version().workflow
    visitor = signed_in(client, modeller)

    assert visitor.get("/admin/processes/workflow/").status_code == 200
    shown = visitor.get(f"/admin/processes/workflow/{workflow.pk}/change/")
    assert (shown.status_code, "create_node for tests" in shown.content.decode()) == (200, True)
    assert visitor.get("/admin/processes/auditevent/").status_code == 403


def test_nobody_changes_them(client: Client, admin_user: User) -> None:
    workflow = workflow_version().workflow
    event = audit.record("start", by="operator", kind="process", subject="p-1")
    visitor = signed_in(client, admin_user)

    assert visitor.get("/admin/processes/auditevent/").status_code == 200
    for path in (
        f"workflow/{workflow.pk}/change/",
        f"workflow/{workflow.pk}/delete/",
        "workflow/add/",
        f"auditevent/{event.pk}/change/",
        f"auditevent/{event.pk}/delete/",
        "auditevent/add/",
    ):
        assert visitor.post(f"/admin/processes/{path}", {"description": "mine", "post": "yes"}).status_code == 403
