"""What one may not see is nowhere: not in lists, counts, choices, files, nor under its own address."""

from dataclasses import dataclass
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client

from processes.engine.values.status import ProcessStatus
from processes.lists.counts import Capped
from processes.models import AccessGrant, Process, ProcessSubject
from subscriptions.models import Customer, Subscription
from tests.conftest import person
from tests.factories import processes, site

pytestmark = pytest.mark.django_db
BACKEND = "orchestrator_site.auth.local.LocalBackend"


@dataclass(frozen=True)
class World:
    """Two customers with the same things each; `ours` is seen, `theirs` is not."""

    viewer: User
    ours: Subscription
    theirs: Subscription
    our_process: Process
    their_process: Process

    @property
    def client(self) -> Client:
        client = Client()
        client.force_login(self.viewer, BACKEND)
        return client


@pytest.fixture
def world(roles: None) -> World:
    made = [_world(shortcode) for shortcode in ("OURS", "THEIRS")]
    AccessGrant.objects.create(name="ours", effect="only", actions=["view"], condition={
        "any": [{"customer": ["OURS"]}, {"product": ["node OURS"]}]
    })  # fmt: skip
    return World(person("vera", "operator"), made[0][0], made[1][0], made[0][1], made[1][1])


def _world(shortcode: str) -> tuple[Subscription, Process]:
    subscription = site.subscription(site.product(f"node {shortcode}"), f"line of {shortcode}", insync=False)
    subscription.customer, _ = Customer.objects.get_or_create(
        shortcode=shortcode, defaults={"fullname": f"{shortcode} Ltd"}
    )
    subscription.save()
    process = processes.process(ProcessStatus.SUSPENDED)
    for one in (process, site.process(ProcessStatus.FAILED, is_task=True)):
        about = {"kind": "subscription", "subject_id": str(subscription.pk), "label": f"about {shortcode}"}
        ProcessSubject.objects.create(process=one, **about)
    return subscription, process


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/order/",
        "/processes/",
        "/processes/?view=all&format=csv",
        "/processes/?view=all&format=json",
        "/subscriptions/",
        "/subscriptions/?search=line",
        "/subscriptions/?format=csv",
        "/subscriptions/options/",
        "/subscriptions/customers/options/",
        "/products/",
        "/products/?format=csv",
        "/api/processes/",
        "/api/subscriptions/",
        "/api/subscriptions/?search=THEIRS",
        "/api/products/",
        "/api/customers/",
        "/admin/subscriptions/customer/",
        "/admin/products/product/",
    ],
)
def test_lists_have_only_what_is_seen(path: str, world: World) -> None:
    AccessGrant.objects.create(name="models", effect="allow", actions=["edit_catalogue"], person=world.viewer)

    answer = world.client.get(path, follow=True)

    assert answer.status_code == 200
    text = b"".join(answer).decode()

    assert "THEIRS" not in text
    assert str(world.their_process.pk) not in text
    assert "OURS" in text or str(world.our_process.pk) in text or "THEIRS" in path


def test_counts_count_only_what_is_seen(world: World) -> None:
    counted = world.client.get("/api/processes/status-counts").json()
    listed = world.client.get("/api/subscriptions/", {"limit": "1", "count": "exact"})

    assert counted == {"process_counts": {"suspended": 1}, "task_counts": {"failed": 1}}
    assert listed["Content-Range"].endswith("/1")


def test_badges_and_tiles_count_only_what_is_seen(world: World) -> None:
    shell = world.client.get("/").context["shell"]
    dashboard = world.client.get("/").context["dashboard"]

    assert [item.count.counted for item in shell.items if item.count] == [1, 1]
    assert (dashboard.counts.need_input, dashboard.counts.failed_tasks) == (Capped(1), Capped(1))
    assert (dashboard.counts.active.number, dashboard.counts.out_of_sync.number) == (1, 1)


@pytest.mark.parametrize(
    "path",
    [
        "/processes/{process}/",
        "/processes/{process}/live/",
        "/processes/{process}/state/",
        "/processes/{process}/export/",
        "/processes/{process}/input/",
        "/subscriptions/{subscription}/",
        "/subscriptions/{subscription}/compare/",
        "/products/{product}/",
        "/api/processes/{process}",
        "/api/subscriptions/domain-model/{subscription}",
        "/api/subscriptions/workflows/{subscription}",
        "/api/subscriptions/{subscription}/versions/",
        "/api/products/{product}",
    ],
)
def test_address_of_what_is_not_seen_is_closed(path: str, world: World) -> None:
    names = {
        "process": world.their_process.pk,
        "subscription": world.theirs.pk,
        "product": world.theirs.product_id,
    }
    reason = "You may do this only where: customer OURS or product node OURS."

    answer = world.client.get(path.format(**names))

    assert answer.status_code == 403
    assert reason in answer.content.decode()


def test_endpoints_ask_the_same_of_a_token(world: World) -> None:
    token = Client().post("/api/auth/login/", headers={"Authorization": "Basic dmVyYTp2ZXJh"}).json()["token"]
    client = Client(headers={"Authorization": f"Token {token}"})

    statuses = [client.get(f"/api/processes/{one.pk}").status_code for one in (world.our_process, world.their_process)]
    acted = [
        client.put(f"/api/processes/{one.pk}/abort").status_code for one in (world.our_process, world.their_process)
    ]

    assert (statuses, acted) == ([200, 403], [204, 403])


@pytest.mark.parametrize(
    ("workflow", "prefill"), [("modify_note", "subscription_id"), ("create_subscription", "product")]
)
def test_forms_of_what_is_not_seen_are_closed(workflow: str, prefill: str, world: World) -> None:
    hidden = world.theirs.pk if prefill == "subscription_id" else world.theirs.product_id
    path = f"/workflows/{workflow}/start/"

    page = world.client.get(path, {prefill: str(hidden)}, follow=True)
    rest = world.client.post(
        f"/api/processes/{workflow}", [{prefill: str(hidden)}, {}], content_type="application/json"
    )

    assert (page.status_code, rest.status_code) == (403, 403)
    for answer in (page, rest):
        assert "You may do this only where: customer OURS or product node OURS." in unescape(answer.content.decode())
        assert "THEIRS" not in answer.content.decode()
