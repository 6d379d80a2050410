"""Workflows and the audit trail in the admin: shown to those who may, changed by nobody."""

import json

import pytest
from django.contrib.auth.models import User
from django.test import Client

from processes.access import audit
from processes.models import AuditEvent, ExternalSystem
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
    workflow.refresh_from_db()
    assert workflow.description == "create_node for tests"
    assert list(AuditEvent.objects.exclude(action="refused").values_list("pk", "action")) == [(event.pk, "start")]


def inventory() -> ExternalSystem:
    return ExternalSystem.objects.create(
        name="inventory", max_concurrent=4, failure_threshold=5, cool_down_seconds=30.0
    )


def test_administrator_sets_what_a_system_bears(client: Client, admin_user: User) -> None:
    row = inventory()
    visitor = signed_in(client, admin_user)
    page = f"/admin/processes/externalsystem/{row.pk}/change/"

    for _ in range(2):
        answer = visitor.post(
            page, {"max_concurrent": "9", "failure_threshold": "", "cool_down_seconds": "30.0", "failures": "7"}
        )
        assert answer.status_code == 302, answer.content.decode()

    row.refresh_from_db()
    assert (row.max_concurrent, row.failure_threshold, row.cool_down_seconds, row.failures) == (9, None, 30.0, 0)
    (event,) = AuditEvent.objects.filter(action="change_limits")
    assert (event.actor, event.subject_kind, event.subject_id, event.detail) == (
        "admin",
        "external_system",
        "inventory",
        {"changes": {"max_concurrent": {"from": 4, "to": 9}, "failure_threshold": {"from": 5, "to": None}}},
    )


@pytest.mark.parametrize(
    "given",
    [
        {"max_concurrent": "0", "cool_down_seconds": "30"},
        {"failure_threshold": "0", "cool_down_seconds": "30"},
        {"cool_down_seconds": "0"},
        {"cool_down_seconds": "1e12"},
        {"cool_down_seconds": "inf"},
        {"cool_down_seconds": ""},
    ],
)
def test_nonsense_is_refused(given: dict[str, str], client: Client, admin_user: User) -> None:
    row = inventory()
    visitor = signed_in(client, admin_user)

    answer = visitor.post(f"/admin/processes/externalsystem/{row.pk}/change/", given)

    assert (answer.status_code, AuditEvent.objects.count()) == (200, 0)


def test_modellers_do_not_see_it_and_nobody_adds_or_deletes_one(
    client: Client, modeller: User, admin_user: User
) -> None:
    row = inventory()
    here = f"/admin/processes/externalsystem/{row.pk}"
    visitor = signed_in(client, modeller)
    assert visitor.get(f"{here}/change/").status_code == 403
    assert visitor.post(f"{here}/change/", {"max_concurrent": "9", "cool_down_seconds": "1"}).status_code == 403

    visitor = signed_in(client, admin_user)

    for path in (f"{here}/delete/", "/admin/processes/externalsystem/add/"):
        assert visitor.post(path, {"post": "yes"}).status_code == 403
    before = row.max_concurrent
    row.refresh_from_db()
    assert row.max_concurrent == before


def test_administrator_exports_the_trail_signed(client: Client, admin_user: User) -> None:
    audit.record("start", by="ada", kind="process", subject=7)
    visitor = signed_in(client, admin_user)

    answer = visitor.get("/admin/processes/auditevent/export", follow=True)
    lines = [json.loads(line) for line in b"".join(answer).decode().splitlines()]

    assert answer["Content-Disposition"] == 'attachment; filename="audit.jsonl"'
    assert [line.get("action") for line in lines] == ["start", "audit_exported", None]
    assert lines[-1]["lines"] == 2


def test_others_export_nothing(client: Client, modeller: User) -> None:
    answer = signed_in(client, modeller).get("/admin/processes/auditevent/export", follow=True)

    assert (answer.status_code, AuditEvent.objects.filter(action="audit_exported").count()) == (403, 0)
