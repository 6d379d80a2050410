"""The start page: true figures, links that fit, a beginning for newcomers, and a fixed number of queries."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orchestrator_site.pages.start import Counts, dashboard, offers
from processes.engine.values.status import ProcessStatus
from processes.lists.counts import Capped, Total
from processes.models import AccessGrant
from processes.store.attention import Attention, attention
from tests.answers import denied_page, error_page, requires
from tests.factories import site

pytestmark = pytest.mark.django_db


def test_figures_tell_what_is_in_the_tables(operator: User) -> None:
    node = site.product()
    site.subscription(node, "one")
    site.subscription(node, "two", insync=False)
    site.subscription(node, "three", status="initial", insync=False)
    site.subscription(node, "four", status="terminated", insync=False)
    for status in (ProcessStatus.RUNNING, ProcessStatus.SUSPENDED, ProcessStatus.FAILED, ProcessStatus.COMPLETED):
        site.process(status, leased_by="")
    site.process(ProcessStatus.API_UNAVAILABLE, is_task=True)

    found = dashboard(operator, attention())

    assert found.counts == Counts(
        under_way=Total(1),
        need_input=Capped(1),
        failed=Capped(1),
        failed_tasks=Capped(1),
        active=Total(2),
        out_of_sync=Total(1),
    )
    assert attention() == Attention(need_input=Capped(1), failed=Capped(1), failed_tasks=Capped(1))
    assert [row["description"] for row in found.out_of_sync] == ["two"]
    assert sorted(row["status"] for row in found.failed) == ["api_unavailable", "failed"]
    assert [row["status"] for row in found.need_input] == ["suspended"]


def test_products_stand_by_use_and_only_active_ones_can_be_ordered(operator: User) -> None:
    idle, busy = site.product("idle"), site.product("busy")
    site.subscription(busy, "one")
    site.subscription(busy, "gone", status="terminated")
    idle.status = "phase out"
    idle.save()

    rows = [(row["name"], row["live"], row["create"]) for row in dashboard(operator, attention()).products]

    assert rows == [("busy", 1, "create_node"), ("idle", 0, None)]


def test_mine_are_those_i_started(operator: User) -> None:
    site.process(ProcessStatus.COMPLETED, created_by="operator", about="node a")
    site.process(ProcessStatus.COMPLETED, created_by="somebody", about="node b")

    rows = dashboard(operator, attention()).mine

    assert [(row["about"], row["description"]) for row in rows] == [("node a", "Create node")]


def test_a_newcomer_is_told_to_order(client: Client, operator: User) -> None:
    site.product()
    client.force_login(operator)

    page = client.get("/").content.decode()

    assert "Nothing has been ordered yet" in page
    assert "Welcome, operator" in page


def test_a_viewer_is_told_why_not(client: Client, viewer: User) -> None:
    site.product()
    client.force_login(viewer)

    assert "This requires the role operator or admin." in client.get("/").content.decode()


def test_somebody_without_a_role_sees_the_reason(client: Client, stranger: User) -> None:
    client.force_login(stranger)

    response = client.get("/")

    assert response.status_code == 403
    assert "This requires the role viewer or operator" in response.content.decode()


def test_the_number_of_queries_does_not_grow(client: Client, operator: User) -> None:
    client.force_login(operator)
    node = site.product()

    def queries(rows: int) -> int:
        for number in range(rows):
            site.subscription(node, f"{rows}.{number}", insync=False)
            for status in (ProcessStatus.SUSPENDED, ProcessStatus.FAILED, ProcessStatus.COMPLETED):
                site.process(status, about=f"{rows}.{number}")
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/").status_code == 200
        return len(captured)

    assert queries(1) == queries(3)


def test_what_can_be_ordered_is_found_by_words(client: Client, operator: User) -> None:
    for name, create in (("node Cisco", "a"), ("node Nokia", "b"), ("not offered", "")):
        site.product(name, create=create)
    client.force_login(operator)

    found = {name: [offer.product.name for offer in made] for name, made in offers(operator, "node nok").items()}

    assert found == {"Node": ["node Nokia"]}
    assert [offer.product.name for offer in offers(operator)["Node"]] == ["node Cisco", "node Nokia"]
    assert "No product matches" in client.get("/order/", {"search": "x' OR 1"}).content.decode()
    assert "node Nokia" in client.get("/order/").content.decode()


def test_a_viewer_may_not_order(client: Client, viewer: User) -> None:
    client.force_login(viewer)

    assert error_page(client.get("/order/")) == denied_page(requires("operator", "admin"))


def test_page_of_somebody_who_sees_no_subscription_counts_none(client: Client, operator: User) -> None:
    site.subscription(site.product(), "one")
    AccessGrant.objects.create(name="g", effect="only", actions=["view"], condition={"customer": ["nobody"]})
    client.force_login(operator)

    products = client.get("/").context["dashboard"].products

    assert [row["live"] for row in products] == [0]
