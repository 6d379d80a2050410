"""A product with a field of every kind, ordered in a real browser: what is typed is what is kept, or is told."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from products.models import Product
from subscriptions import queries
from subscriptions.models import Subscription
from tests.browser import Visit
from tests.factories import subscriptions as make
from tests.subscriptions.conftest import RunReady

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("offered", "operator")]
ZOO = Path(make.__file__).with_name("zoo.yaml")


@pytest.fixture
def order(visit: Visit, settings: Settings) -> Visit:
    """The first page of an order of a zoo, by an operator at a site in Amsterdam."""
    settings.TIME_ZONE = "Europe/Amsterdam"
    make.catalogue(ZOO.read_text())
    visit.sign_in("operator")
    visit.open(f"/workflows/create_subscription/start/?product={Product.objects.get(name='zoo').pk}")
    visit.page.get_by_label("Example").check()
    visit.page.fill("[name=z_string]", "Zoo")
    return visit


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def look(order: Visit) -> None:
    """Look at the page in each light and width; that it was answered by 401 or 422 the browser need not tell."""
    order.complaints.clear()
    order.check()


def ordered(order: Visit, run_ready: RunReady) -> dict[str, object]:
    """What is kept after the form was sent."""
    press(order.page, "Next")
    press(order.page, "Start")
    run_ready()
    row = Subscription.objects.get(product__name="zoo")
    assert queries.get(row.pk).status == "active"
    return dict(row.instances.get(block_name="Zoo").values)


def test_zeros_and_noes_are_kept(order: Visit, run_ready: RunReady) -> None:
    """fault 5"""
    page = order.page
    for number in range(3):
        page.fill(f"[name='z_ints.{number}']", str(number))
        press(page, "Add to z ints")
    page.select_option("[name='z_bools.0']", label="No")
    page.fill("[name='z_opt.priority']", "0")
    page.select_option("[name='z_opt.flag']", label="No")
    press(page, "Add to z rows")
    page.fill("[name='z_rows.0.priority']", "0")

    values = ordered(order, run_ready)

    assert (values["z_ints"], values["z_bools"]) == ([0, 1, 2], [False])
    tiny = Subscription.objects.get(product__name="zoo").instances.filter(block_name="Tiny").order_by("id")
    assert {(one.values.get("priority"), one.values.get("flag")) for one in tiny} == {(0, None), (0, False)}


def test_json_is_an_object_and_broken_json_is_told(order: Visit, run_ready: RunReady) -> None:
    """fault 6"""
    page = order.page
    page.fill("[name=z_json]", '{"a": 1')
    press(page, "Next")

    expect(page.locator("#problems")).to_contain_text("The value is not JSON")
    expect(page.locator("[name=z_json]")).to_have_value('{"a": 1')
    look(order)
    page.fill("[name=z_json]", '{"a": 1}')
    values = ordered(order, run_ready)

    assert values["z_json"] == {"a": 1}
    assert values["z_json_default"] == {"a": [1, True, None], "b": "it's"}
    assert values["z_dt"] == "2026-11-01T12:34:56+00:00"


def test_moments_that_do_not_exist_or_are_two_are_told(order: Visit, run_ready: RunReady) -> None:
    """fault 11"""
    page = order.page
    expect(page.locator("#id_z_dt_helptext")).to_contain_text("Time zone: Europe/Amsterdam.")
    page.fill("[name=z_dt]", "2026-03-29T02:30")
    press(page, "Next")
    expect(page.locator("#problems")).to_contain_text("02:30 does not exist on this day in Europe/Amsterdam")
    page.fill("[name=z_dt]", "2026-10-25T02:30:15")
    press(page, "Next")
    expect(page.locator("#problems")).to_contain_text("occurs twice")
    look(order)
    page.get_by_label("Which of the two").select_option(label="UTC+01:00, the second time")

    assert ordered(order, run_ready)["z_dt"] == "2026-10-25T01:30:15+00:00"


def test_half_typed_values_are_told_at_their_fields(order: Visit) -> None:
    """fault 14"""
    page = order.page
    page.locator("[name=z_int]").press_sequentially("12-")
    press(page, "Next")
    expect(page.locator("#problems")).to_contain_text("Z int")
    page.fill("[name=z_int]", "")
    page.fill("[name=z_dt]", "")
    page.locator("[name=z_dt]").press_sequentially("11012026")
    press(page, "Next")

    said = page.locator("#id_z_dt-half")
    expect(said).to_have_text("Not complete: finish it, or empty it.")
    expect(page.locator("[name=z_dt]")).to_be_focused()
    look(order)


def test_a_kind_is_chosen_and_then_its_fields(order: Visit, run_ready: RunReady) -> None:
    """fault 24"""
    page = order.page
    page.locator("[name='z_either.block']").select_option(label="Tag")
    page.fill("[name='z_either.weight']", "0")
    press(page, "Add to z eithers")
    page.locator("[name='z_eithers.0.block']").select_option(label="Tiny")
    page.locator("[name='z_eithers.0.word']").fill("w")
    look(order)

    ordered(order, run_ready)

    kinds = Subscription.objects.get(product__name="zoo").instances.exclude(block_name="Zoo")
    assert sorted((one.block_name, one.values.get("weight"), one.values.get("word")) for one in kinds) == [
        ("Tag", 0, None),
        ("Tiny", None, "w"),
    ]


def test_a_text_that_is_too_long_is_told_and_whole(order: Visit, run_ready: RunReady) -> None:
    """fault 13"""
    page, text = order.page, "\n".join(["x" * 17] * 16)
    page.fill("[name=z_text]", f"{text}y" * 2)
    press(page, "Next")
    expect(page.locator("#problems")).to_contain_text("Must be at most 300 characters")
    expect(page.locator("[name=z_text]")).to_have_value(f"{text}y" * 2)
    page.fill("[name=z_text]", text)

    assert ordered(order, run_ready)["z_text"] == text


def test_what_was_typed_is_there_after_a_new_sign_in(order: Visit) -> None:
    """fault 15"""
    page = order.page
    page.fill("[name=z_text]", "two\nlines")
    page.context.clear_cookies(name="sessionid")
    press(page, "Next")

    expect(page.get_by_text("Your session has ended.")).to_be_visible()
    look(order)
    page.get_by_label("Username").fill("operator")
    page.get_by_label("Password").fill("operator")
    press(page, "Sign in")

    expect(page.locator("[name=z_text]")).to_have_value("two\nlines")
    expect(page.locator("[name=z_string]")).to_have_value("Zoo")
