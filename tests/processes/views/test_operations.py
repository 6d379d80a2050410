"""The page of the engine: what it tells, to whom, and its buttons."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from processes import actions
from processes.access import audit
from processes.engine.values.status import ProcessStatus, StepStatus, Target
from processes.models import AuditEvent, ExternalSystem, Process, Worker
from processes.store import clock
from processes.workers.liveness import register
from tests.answers import NO_SUCH_PAGE, error_page
from tests.factories import processes as rows
from tests.processes import form_workflows
from tests.processes.conftest import RunReady
from tests.processes.views.conftest import forms, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client, admin_user: User) -> Client:
    """An administrator's browser."""
    client.force_login(admin_user)
    return client


def page(visitor: Client, path: str = "") -> str:
    return visitor.get(f"/engine/{path}").content.decode()


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_page_tells_who_works_and_what_went_wrong(visitor: Client) -> None:
    worker = register()
    process = rows.process(ProcessStatus.RUNNING, leased_by=worker.pk, position_attempt=2)
    rows.step(process, "create", StepStatus.CRASHED, worker="host-gone")

    shown = words(page(visitor))

    assert f"process {worker.pid}" in shown
    assert "create_node for tests · Create for" in shown
    assert re.search(r"Worker lost Create host-gone 2\.0 s", shown)


def test_a_new_site_says_what_is_missing(visitor: Client) -> None:
    shown = words(page(visitor))

    assert "No workers" in shown
    assert "No lost workers" in shown


@pytest.mark.parametrize("path", ["", "live/"])
def test_only_operators_and_administrators_watch(path: str, client: Client, viewer: User) -> None:
    client.force_login(viewer)

    assert client.get(f"/engine/{path}").status_code == 403
    assert "/engine/" not in client.get("/").content.decode()


def test_operator_sees_why_not_to_pause(visitor: Client) -> None:
    html = page(visitor)

    assert "engine-pause" not in forms(html)
    assert "This requires the role admin." in html
    assert visitor.post("/engine/pause/").status_code == 403
    assert actions.engine_status().state == "running"


def test_pause_shows_on_every_page_and_ends(admin: Client) -> None:
    assert "The engine is paused." not in page(admin)

    send(admin, page(admin), "pause")
    assert [AuditEvent.objects.latest("id").action, actions.engine_status().state] == ["pause", "paused"]
    for path in ("/", "/engine/", "/processes/", "/subscriptions/"):
        assert "The engine is paused." in admin.get(path).content.decode()
    assert "Engine paused" in admin.get("/admin/products/product/").content.decode()
    assert "Paused by admin." in words(page(admin)).replace("Paused  by", "Paused by")
    send(admin, page(admin), "unpause")

    assert actions.engine_status().state == "running"
    assert "The engine is paused." not in page(admin)


class OpenEngine:
    """An open page of the engine, as htmx keeps it."""

    def __init__(self, visitor: Client) -> None:
        self.visitor = visitor
        self.etag = visitor.get("/engine/live/")["ETag"]
        assert self.etag.replace('"', r"\&quot;") in page(visitor)

    def refresh(self) -> tuple[int, list[str], str]:
        """Status, ids of the parts that are replaced, and the answer."""
        answer = self.visitor.get("/engine/live/", headers={"If-None-Match": self.etag})
        self.etag, html = answer["ETag"], answer.content.decode()
        return answer.status_code, re.findall(r'id="([^"]+)"[^>]* hx-swap-oob="true"', html), html


def test_open_page_is_told_nothing_when_nothing_has_changed(visitor: Client) -> None:
    busy = register()
    process = rows.process(ProcessStatus.RUNNING, leased_by=busy.pk, attempt_started_at=clock.now())
    rows.step(process, "create", StepStatus.CRASHED)
    rows.process(ProcessStatus.CREATED)
    opened = OpenEngine(visitor)

    with clock.shift(timedelta(milliseconds=5)):
        answers = [opened.refresh(), opened.refresh()]

    assert answers == [(304, [], "")] * 2


def test_open_page_is_sent_the_parts_that_changed(admin: Client, admin_user: User) -> None:
    opened = OpenEngine(admin)

    actions.pause(by=admin_user)
    status, parts, html = opened.refresh()
    assert (status, parts) == (200, ["engine-state", "engine-verbs", "dialogs", "paused"])
    assert set(forms(html)) == {"unpause"}
    assert "The engine is paused." in html

    inventory()
    assert opened.refresh()[:2] == (200, ["engine-systems", "dialogs"])
    rows.process(ProcessStatus.FAILED)
    assert opened.refresh()[:2] == (200, ["engine-tiles"])
    register()
    assert opened.refresh()[:2] == (200, ["engine-workers"])
    rows.step(rows.process(ProcessStatus.FAILED), "create", StepStatus.CRASHED)
    assert opened.refresh()[:2] == (200, ["engine-tiles", "engine-incidents"])


def test_sign_of_life_is_told_now_and_then(visitor: Client) -> None:
    worker = register()
    Worker.objects.update(beat_at=clock.now() - timedelta(seconds=25))
    opened = OpenEngine(visitor)

    Worker.objects.filter(pk=worker.pk).update(beat_at=clock.now())

    assert opened.refresh()[:2] == (200, ["engine-workers"])


def test_open_page_of_an_earlier_release_is_given_all(visitor: Client) -> None:
    answer = visitor.get("/engine/live/?seen=running", headers={"If-None-Match": '"abc"'})

    assert (answer.status_code, answer["HX-Retarget"], 'id="live"' in answer.content.decode()) == (200, "#live", True)


def inventory(**columns: Any) -> ExternalSystem:
    given = {"max_concurrent": 4, "failure_threshold": 5, "cool_down_seconds": 30.0, **columns}
    return ExternalSystem.objects.create(name="inventory", **given)


def test_page_tells_how_external_systems_are(visitor: Client) -> None:
    assert "External systems" not in words(page(visitor))
    inventory()
    rows.process(ProcessStatus.WAITING, blocked_by_system="inventory")

    shown = words(page(visitor))

    assert "inventory Calls allowed 0 of 4 calls are running 1" in shown
    assert "1 waiting for a system" in shown
    assert "No lost workers" in shown


def test_open_circuit_breaker_is_an_incident(visitor: Client) -> None:
    now = clock.now()
    inventory(
        failures=5, opened_at=now, half_open_at=now + timedelta(seconds=30), last_failure="TimeoutError: no answer"
    )

    shown = words(page(visitor))

    until = f"{timezone.localtime(now + timedelta(seconds=30)):%H:%M:%S}"
    assert f"inventory Calls paused Calls to inventory are paused until {until} (5 consecutive failures) 0" in shown
    since = f"{timezone.localtime(now):%-d %b %Y %H:%M:%S}"
    why = f"Calls to inventory are paused until {until} (5 consecutive failures)"
    assert f"inventory since {since} : {why}. 0 processes wait for it." in shown
    assert "No lost workers" not in shown


def test_calls_are_stopped_and_allowed_by_a_button(admin: Client) -> None:
    inventory()

    for _ in range(2):
        answer = send(admin, page(admin), "stop")
    assert "Calls to inventory stopped; running calls will finish." in admin.get(answer.url).content.decode()
    assert "Calls were stopped by admin" in words(page(admin))
    for _ in range(2):
        send(admin, page(admin), "allow")

    assert "Calls allowed" in words(page(admin))
    acts = AuditEvent.objects.order_by("id").values_list("action", "subject_kind", "subject_id", "actor")
    assert list(acts) == [
        ("stop_calls", "external_system", "inventory", "admin"),
        ("allow_calls", "external_system", "inventory", "admin"),
    ]


def test_open_circuit_breaker_may_be_closed_at_once(admin: Client) -> None:
    inventory(failures=5, opened_at=clock.now(), half_open_at=clock.now() + timedelta(hours=1))

    send(admin, page(admin), "allow")

    found = ExternalSystem.objects.get()
    assert (found.failures, found.opened_at, found.half_open_at) == (0, None, None)


def test_operator_sees_why_not_to_stop_calls(visitor: Client) -> None:
    inventory()
    html = page(visitor)

    assert {"stop", "allow"} & set(forms(html)) == set()
    assert "Stop calls to inventory: This requires the role admin." in words(html)
    for verb in ("stop", "allow"):
        assert visitor.post(f"/engine/systems/inventory/{verb}/").status_code == 403
    assert ExternalSystem.objects.get().stopped_at is None


def test_system_that_nobody_calls_is_not_there(admin: Client) -> None:
    assert error_page(admin.post("/engine/systems/nothing/stop/")) == NO_SUCH_PAGE
    assert admin.get("/engine/systems/nothing/stop/").status_code == 405


def test_rows_are_checked_when_asked(visitor: Client) -> None:
    assert "hold together." not in page(visitor)
    assert "The engine's rows are consistent." in send(visitor, page(visitor), "check").content.decode()
    process = rows.process(ProcessStatus.SUSPENDED)

    whole = send(visitor, page(visitor), "check").content.decode()
    part = visitor.post("/engine/check/", headers={"HX-Request": "true"}).content.decode()

    for html in (whole, part):
        assert f"I1 {process.pk} : stopped and suspended, but nothing will continue it" in words(html)
        assert "1 inconsistency found" in words(html)
    assert "<html" not in part


def test_broken_audit_trail_is_named(visitor: Client) -> None:
    event = audit.record("look", by="ada")
    AuditEvent.objects.filter(pk=event.pk).update(actor="eve")

    assert f"the audit row {event.pk} does not match" in send(visitor, page(visitor), "check").content.decode()


def test_page_asks_the_same_number_of_questions(visitor: Client) -> None:
    def asked(count: int) -> int:
        for _ in range(count):
            ExternalSystem.objects.create(name=uuid4().hex, cool_down_seconds=1, stopped_at=clock.now())
            process = rows.process(ProcessStatus.RUNNING, leased_by=register().pk, about=str(uuid4()))
            rows.step(process, "create", StepStatus.CRASHED)
        with CaptureQueriesContext(connection) as queries:
            page(visitor)
        return len(queries)

    page(visitor)
    asked(1)
    assert asked(1) == asked(3)


def test_failed_tasks_are_retried_once_by_one_press(visitor: Client, operator: User, run_ready: RunReady) -> None:
    form_workflows.problems.append(ValueError("no luck"))
    process = actions.start("break_and_mend", [], by=operator)
    run_ready()
    html = visitor.get("/processes/?is_task=true").content.decode()

    for _ in range(2):
        answer = send(visitor, html, "retry-failed")

    assert "1 failed task will be retried." in visitor.get(answer.url).content.decode()
    run_ready()
    assert Process.objects.get(pk=process.pk).status == "completed"
    assert AuditEvent.objects.filter(action="retry").count() == 1


def test_failed_tasks_are_not_offered_where_there_are_none_or_to_viewers(client: Client, viewer: User) -> None:
    client.force_login(viewer)
    assert "Retry failed" not in client.get("/processes/?is_task=true").content.decode()
    rows.process(ProcessStatus.FAILED, workflow="sweep", target=Target.SYSTEM)

    html = client.get("/processes/?is_task=true").content.decode()

    assert 'aria-disabled="true" title="This requires the role operator or admin."' in html
    assert "retry-failed" not in forms(html)
    assert client.post("/tasks/retry-failed/").status_code == 403
