"""The pages between a form whose session has ended and its end, in a real browser: both widths, light and dark."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import override_settings
from playwright.sync_api import expect

from processes import actions
from processes.engine.values.status import ProcessStatus
from subscriptions.models import Customer
from tests.browser import Visit, violations
from tests.factories import processes as rows
from tests.factories import subscriptions as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PROVIDER = {"OIDC_ENABLED": True, "OIDC_ISSUER": "https://id.example.org", "OIDC_RP_CLIENT_ID": "orchestrator"}
LONG = "a note of several lines,\nwith a_word_that_is_very_long_" + "x" * 120 + "\nand an end"


def check_answer(visit: Visit) -> None:
    """As `Visit.check`, of a page whose status a browser complains about."""
    for scheme in visit.looks():
        rules = ["color-contrast"] if scheme == "dark" else []
        serious = [rule for rule in violations(visit.page, *rules) if rule[1] in {"serious", "critical"}]
        assert not serious, serious
        assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"


def test_a_form_goes_on_after_a_sign_in(visit: Visit, admin_user: User) -> None:
    node, page = make.node(), visit.page
    visit.sign_in("admin")
    visit.open(f"/workflows/modify_note/start/{uuid4()}/1/?subscription_id={node.subscription_id}")
    page.get_by_label("Note").fill(LONG)
    Session.objects.all().delete()
    page.get_by_role("button", name="Next").click()

    expect(page.get_by_role("status").first).to_contain_text("what you typed is kept")
    check_answer(visit)
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill("admin")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_label("Note")).to_have_value(LONG)


@override_settings(**PROVIDER)
def test_a_sign_in_page_of_a_provider_carries_a_form(visit: Visit, admin_user: User) -> None:
    visit.sign_in("admin")
    visit.open(f"/admin/subscriptions/customer/{make.customer().pk}/change/")
    visit.page.locator("[name=fullname]").fill("Renamed")
    Session.objects.all().delete()
    visit.page.get_by_role("button", name="Save", exact=True).click()

    expect(visit.page.get_by_role("button", name="Sign in with your organisation")).to_be_visible()
    check_answer(visit)


def test_another_form_waits_for_a_press(visit: Visit, admin_user: User) -> None:
    page = visit.page
    visit.sign_in("admin")
    visit.open(f"/admin/subscriptions/customer/{make.customer().pk}/change/")
    page.locator("[name=fullname]").fill("Renamed " + "x" * 80)
    Session.objects.all().delete()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill("admin")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name="What you typed is kept")).to_be_visible()
    check_answer(visit)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    assert Customer.objects.get().fullname.startswith("Renamed")


def test_a_refused_form(visit: Visit, admin_user: User) -> None:
    visit.sign_in("admin")
    visit.open("/processes/")
    visit.page.evaluate(
        """() => {
          const form = document.createElement("form");
          form.method = "post";
          form.action = "/sign-out/";
          document.body.append(form);
          form.submit();
        }"""
    )

    expect(visit.page.get_by_role("heading", name="The form was refused.")).to_be_visible()
    check_answer(visit)


def test_a_note_that_somebody_has_changed(visit: Visit, admin_user: User) -> None:
    process, page = rows.process(ProcessStatus.FAILED), visit.page
    visit.sign_in("admin")
    visit.open(f"/processes/{process.pk}/")
    actions.note(process.pk, "theirs", by=admin_user)
    page.get_by_role("button", name="Note").first.click()
    page.locator("#note-text").fill(LONG)
    page.get_by_role("button", name="Save note").click()

    expect(page.get_by_text("It is now: “theirs”.")).to_be_visible()
    check_answer(visit)


def test_a_state_that_somebody_has_changed(visit: Visit, admin_user: User) -> None:
    process, page = rows.process(ProcessStatus.FAILED), visit.page
    actions.edit_state(process.pk, {"speed": 10, "name": "ams"}, by=admin_user, reason="first")
    visit.sign_in("admin")
    visit.open(f"/processes/{process.pk}/edit-state/")
    actions.edit_state(process.pk, {"speed": 20}, by=admin_user, reason="second")
    page.get_by_label("speed").fill("30")
    page.get_by_label("Reason").fill("because")
    page.get_by_role("button", name="Save state").click()

    expect(page.get_by_text("and is now: 20")).to_be_visible()
    check_answer(visit)
