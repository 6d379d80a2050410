"""An open page of a process while its steps complete: what the reader does on it is left alone."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from processes.engine.values.status import ProcessStatus, RunState, StepStatus
from processes.models import Process
from tests.browser import WIDE, Visit
from tests.factories import processes as rows

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def low(visit: Visit, operator: User) -> Visit:
    """Signed in, on a page too low for all steps."""
    visit.page.set_viewport_size({"width": WIDE, "height": 600})
    visit.sign_in("operator")
    return visit


def open_page(visit: Visit, process: Process, where: str = "") -> None:
    visit.open(f"/processes/{process.pk}/{where}")


def test_focus_scroll_and_open_panels_survive_while_steps_complete(low: Visit) -> None:
    process = rows.long_process(steps=60, done=30)
    page = low.page
    open_page(low, process)
    panel = page.locator("#step-step-30 details")
    panel.locator("summary").click()
    expect(panel.locator("td")).to_have_text("30")
    panel.locator("td").evaluate("element => element.dataset.mine = 'yes'")
    panel.locator("summary").focus()
    before = page.evaluate("[scrollY, document.activeElement.closest('details').id]")

    rows.walk(process, 31, 33)
    expect(page.locator("#step-step-34.step-current")).to_have_count(1)

    assert page.evaluate("[scrollY, document.activeElement.closest('details').id]") == before
    assert before[0] > 0
    expect(panel.locator("td[data-mine=yes]")).to_be_visible()
    expect(page.locator("#steps-done")).to_have_text("33")
    low.check_as_it_is()


def test_panel_of_the_step_that_is_replaced_stays_as_it_is(low: Visit) -> None:
    process = rows.process(ProcessStatus.RUNNING, position_attempt=2)
    error = {"class": "ValueError", "message": "no luck", "traceback": "line\n" * 200}
    rows.step(process, status=StepStatus.FAILED, error=error)
    page = low.page
    open_page(low, process)
    page.get_by_text("1 earlier attempt").click()
    trace = page.get_by_role("link", name="Traceback of attempt 1")
    trace.focus()

    rows.step(process, attempt=2)
    Process.objects.filter(pk=process.pk).update(position_path="confirm", sequence=1)

    expect(page.locator("#step-create.step-success")).to_have_count(1)
    expect(trace).to_be_focused()
    expect(trace).to_be_visible()


def test_note_that_is_being_written_survives_the_end_of_the_process(low: Visit) -> None:
    process = rows.process(ProcessStatus.RUNNING, position_path="finish")
    page = low.page
    open_page(low, process)
    page.get_by_role("button", name="Note").click()
    text = page.get_by_role("textbox", name="Note on this process")
    text.fill("half a sen")

    Process.objects.filter(pk=process.pk).update(
        run_state=RunState.ENDED,
        status=ProcessStatus.COMPLETED,
        leased_by="",
        position_path="",
        ended_at=rows.AT,
        note="x",
    )

    expect(page.locator("#fact-status")).to_contain_text("Completed")
    expect(page.locator("#poll[hx-get]")).to_have_count(0)
    expect(text).to_be_focused()
    expect(text).to_have_value("half a sen")
    page.keyboard.type("tence")
    page.get_by_role("button", name="Save note").click()
    expect(page.get_by_text("It is now: “x”. Save again to replace it.")).to_be_visible()
    page.get_by_role("button", name="Save note").click()
    expect(page.locator("#fact-note")).to_contain_text("half a sentence")


def test_folds_open_on_demand_and_where_the_process_stands(narrow: Visit, operator: User) -> None:
    process = rows.long_process(steps=200, done=98)
    page = narrow.page
    narrow.sign_in("operator")
    open_page(narrow, process)
    expect(page.locator(".steps-fold[open]")).to_have_count(2)
    narrow.check_as_it_is()

    page.locator("#fold-1 > summary").click()
    expect(page.locator("#step-step-7.step-success")).to_be_visible()
    rows.walk(process, 99, 155)
    expect(page.locator("#step-step-156.step-current")).to_be_visible()
    expect(page.locator("#fold-3-counts")).to_have_text("50 of 50 done")
    expect(page.locator("#step-step-120.step-success")).to_be_visible()
    narrow.check_as_it_is()


def test_link_to_a_step_opens_its_fold(low: Visit) -> None:
    process = rows.long_process(steps=200, done=10)

    open_page(low, process, "#step-step-170")

    expect(low.page.locator("#step-step-170")).to_be_in_viewport()
    low.page.locator("#fold-1 > summary").click()
    expect(low.page.locator("#step-step-11")).to_be_hidden()
    low.page.get_by_role("link", name="Current step").click()
    expect(low.page.locator("#step-step-11")).to_be_in_viewport()
