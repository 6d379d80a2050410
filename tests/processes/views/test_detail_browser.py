"""The page of a process in a real browser: it follows what happens, keeps what is open, and stops when all is done."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from processes import actions
from tests.browser import Visit
from tests.processes import form_workflows
from tests.processes.conftest import RunReady

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_page_follows_a_process_to_its_end(visit: Visit, operator: User, run_ready: RunReady) -> None:
    form_workflows.problems.append(ValueError("no luck"))
    process = actions.start("break_and_mend", [], by=operator)
    page = visit.page
    visit.sign_in("operator")
    visit.open(f"/processes/{process.pk}/")
    expect(page.locator(".step-pending")).to_have_count(2)

    run_ready()

    expect(page.locator(".step-failed .step-error")).to_have_text("ValueError: no luck")
    page.get_by_text("Traceback", exact=True).click()
    page.get_by_role("button", name="Retry").click()
    page.get_by_text("1 earlier attempt").click()
    run_ready()
    expect(page.locator(".step-success")).to_have_count(2)
    expect(page.locator(".step-error")).to_be_visible()
    expect(page.get_by_role("button", name="Retry")).to_have_count(0)
    assert page.locator("#live").get_attribute("hx-trigger") is None


def test_dialog_stays_open_while_the_page_follows(visit: Visit, operator: User, registered: None) -> None:
    process = actions.start("sweep", [], by=operator)
    page = visit.page
    visit.sign_in("operator")
    visit.open(f"/processes/{process.pk}/")

    page.get_by_role("button", name="Abort").click()
    with page.expect_response("**/live/**"):
        pass
    page.get_by_label("Reason").fill("not needed")
    page.get_by_role("button", name="Abort the process").click()

    expect(page.locator("#verbs")).to_contain_text("The process is aborted.")
    expect(page.locator(".step-abort")).to_have_count(1)
