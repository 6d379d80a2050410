"""The pages of operations in a real browser: nothing that axe calls serious, and they follow what happens."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from processes import actions
from processes.engine.values.status import ProcessStatus, StepKind, StepStatus
from processes.models import ExternalSystem, Process, Workflow, WorkflowVersion
from processes.store import clock
from processes.workers.liveness import register
from tests.browser import Visit
from tests.factories import processes as rows
from tests.processes import form_workflows
from tests.processes.conftest import RunReady

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CRASH = {"class": "WorkerCrashed", "message": "The worker host-1-77 died during this step.", "traceback": ""}


def asking() -> Process:
    """A process whose worker was lost in a step that must not run twice."""
    process = rows.process(
        ProcessStatus.FAILED, position_attempt=2, error_class="OutcomeUnknown", failed_reason="Nobody knows."
    )
    for attempt in (1, 2):
        rows.step(process, "create", StepStatus.CRASHED, attempt=attempt, error=CRASH, worker="host-1-77")
    rows.step(process, "~edit", kind=StepKind.EDIT, name="State edited", reason="It was wrong.", sequence=1)
    return process


def test_engine_page(visit: Visit, admin_user: User) -> None:
    visit.sign_in("admin")
    visit.open("/engine/")
    expect(visit.page.get_by_text("No workers")).to_be_visible()
    visit.check()

    worker = register()
    rows.process(ProcessStatus.RUNNING, leased_by=worker.pk, attempt_started_at=clock.now() - timedelta(seconds=3))
    asking()
    expect(visit.page.get_by_text("Busy")).to_be_visible()
    expect(visit.page.get_by_text("Outcome unknown")).to_be_visible()
    visit.page.get_by_role("button", name="Check now").click()
    expect(visit.page.get_by_role("button", name="Check again")).to_be_visible()
    visit.check()

    visit.page.get_by_role("button", name="Pause", exact=True).click()
    visit.page.get_by_role("button", name="Pause the engine").click()
    expect(visit.page.get_by_text("Pausing", exact=True)).to_be_visible()
    expect(visit.page.get_by_text("No process starts or continues")).to_be_visible()
    visit.check()


def test_engine_page_follows_a_pause_by_somebody_else(narrow: Visit, admin_user: User, operator: User) -> None:
    narrow.sign_in("operator")
    narrow.open("/engine/")
    expect(narrow.page.get_by_role("button", name="Pause")).to_have_attribute("aria-disabled", "true")

    actions.pause(by=admin_user)

    expect(narrow.page.get_by_text("Paused", exact=True)).to_be_visible()
    expect(narrow.page.get_by_role("button", name="Resume engine")).to_be_visible()


def external_systems() -> None:
    """One in each state, and a process that waits."""
    now = clock.now()
    failed = {"failures": 5, "last_failure": "InventoryUnavailable: GET dcim/sites/: 503 out of order" * 3}
    for name, columns in {
        "inventory": {"half_open_at": now + timedelta(hours=1), "opened_at": now, "last_failed_at": now, **failed},
        "ipam-of-the-second-region": {"half_open_at": now, "opened_at": now, "last_failed_at": now, **failed},
        "monitoring": {"stopped_at": now, "stopped_by": "admin"},
        "ticketing": {},
    }.items():
        ExternalSystem.objects.create(name=name, max_concurrent=4, failure_threshold=5, cool_down_seconds=30, **columns)
    rows.process(ProcessStatus.WAITING, blocked_by_system="inventory")


def test_external_systems(visit: Visit, admin_user: User) -> None:
    external_systems()
    visit.sign_in("admin")
    visit.open("/engine/")
    visit.check()

    visit.page.get_by_role("button", name="Stop calls to ticketing").click()
    question = visit.page.get_by_text("Stop all calls to ticketing?")
    with visit.page.expect_response("**/engine/live/**"):
        expect(question).to_be_visible()
    expect(question).to_be_visible()
    visit.page.get_by_role("button", name="Stop calls to ticketing").last.click()

    expect(visit.page.get_by_text("Calls to ticketing stopped")).to_be_visible()
    visit.check()


def test_process_that_waits_for_a_system(visit: Visit, operator: User) -> None:
    external_systems()
    visit.sign_in("operator")

    for path in (f"/processes/{Process.objects.get().pk}/", "/processes/"):
        visit.open(path)
        expect(visit.page.get_by_text("for inventory").first).to_be_visible()
        visit.check()


def test_process_with_incidents_and_its_interventions(visit: Visit, admin_user: User) -> None:
    process = asking()
    visit.sign_in("admin")

    for path in ("", "skip/", "edit-state/"):
        visit.open(f"/processes/{process.pk}/{path}")
        visit.check()


def test_form_that_does_not_fit(narrow: Visit, operator: User, admin_user: User, run_ready: RunReady) -> None:
    form_workflows.problems.append(ValueError("no luck"))
    process = actions.start("break_and_mend", [], by=operator)
    run_ready()
    narrow.sign_in("admin")
    narrow.open(f"/processes/{process.pk}/skip/")

    narrow.page.get_by_label("Result of the step").fill("{")
    narrow.page.get_by_role("button", name="Skip the step").click()

    expect(narrow.page.get_by_text("is not JSON")).to_be_visible()
    expect(narrow.page.get_by_text("A reason is required.")).to_be_visible()
    narrow.complaints.clear()  # the browser's own word on an answer of 422
    narrow.check_as_it_is()


def test_changed_definition(narrow: Visit, operator: User, admin_user: User, registered: None) -> None:
    process = actions.start("break_and_mend", [], by=operator)
    workflow = Workflow.objects.get(name="break_and_mend")
    plan = [{"path": "make-it", "name": "Make it at once", "kind": "step"}, {"path": "x", "name": "X", "kind": "step"}]
    version = WorkflowVersion.objects.create(workflow=workflow, fingerprint="old", plan=plan)
    Process.objects.filter(pk=process.pk).update(
        workflow_version=version, position_path="x", run_state="stopped", status="failed"
    )
    narrow.sign_in("admin")

    for path in ("", "continue/"):
        narrow.open(f"/processes/{process.pk}/{path}")
        expect(narrow.page.get_by_text("Current step", exact=True)).to_be_visible()
        narrow.check_as_it_is()
