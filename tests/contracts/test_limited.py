"""For somebody who may not see them, rows are as good as not there: no address answers otherwise because of them.

Every address that is looked at is asked twice by a person whom a grant limits to one customer: before and after the
rows of another customer are made. What it shows is the same.
"""

import difflib
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from processes.engine.values.status import ProcessStatus, StepStatus, Target
from processes.models import AccessGrant, ExternalSystem, SystemSlot
from products.models import Product
from subscriptions.models import Customer, Subscription
from tests.conftest import person
from tests.contracts import page_text
from tests.contracts.admin_rights import ADMIN_RIGHTS
from tests.contracts.conftest import quiet
from tests.contracts.rights import CATALOGUE, RESUME, RIGHTS, SIGNED_IN, START, VIEW, WATCH
from tests.factories import processes, products, site

pytestmark = pytest.mark.django_db
BACKEND = "orchestrator_site.auth.local.LocalBackend"
MORE = {
    "processes/": ["?view=all", "?search=zeb", "?view=all&format=csv", "?customer=zeb", "?is_task=true"],
    "subscriptions/": ["?view=all", "?search=zeb", "?view=all&format=csv", "?customer=zeb"],
    "products/": ["?format=csv", "?search=zeb"],
    "subscriptions/options/": ["?search=zeb", "?q=zeb"],
    "subscriptions/customers/options/": ["?search=zeb", "?q=zeb"],
    "api/processes/": ["?search=zeb", "?range=0,25", "?sort=started_at,asc"],
    "api/subscriptions/": ["?search=zeb", "?range=0,25", "?customer=zeb"],
    "api/customers/": ["?search=zeb", "?range=0,25"],
    "api/products/": ["?search=zeb", "?range=0,25"],
    "admin/products/product/": ["?q=zeb"],
    "admin/subscriptions/customer/": ["?q=zeb"],
    "admin/search/": ["?s=zeb"],
    "admin/autocomplete/": [],
}
LEFT_OUT = {"api/health/", "metrics", "api/schema/", "api/docs/", "admin/autocomplete/"}
"""What tells nothing of rows to a person."""
SAYS_THAT_THERE_ARE_OTHERS = {"admin/products/product/<path:object_id>/delete/"}
"""What cannot be done because of rows that are not seen says so, and no more."""
CHANGING = re.compile(
    r"\b[0-9a-f]{32}\b|nonce-?=?\S+|csrfmiddlewaretoken\S*\s+\S+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/(?=\d|check|cancel)"
    r"|\d+ (second|minute|hour|min|s|h)s?\b( ago)?|_seconds\W+[\d.]+|\d{2}:\d{2}:\d{2}(\.\d+)?"
)


def world(name: str, *, product: Product | None = None) -> Mapping[str, Any]:
    """A customer with a product, a subscription, and processes of all kinds."""
    customer = Customer.objects.create(fullname=f"{name} Ltd", shortcode=name)
    product = product or products.published(f"node {name}")
    subscriptions = [site.subscription(product, f"line {name} {number}", insync=bool(number)) for number in range(2)]
    Subscription.objects.filter(pk__in=[one.pk for one in subscriptions]).update(customer=customer)
    about = str(subscriptions[0].pk)
    now = timezone.now()
    made = [
        processes.process(status, about=about, created_by=f"by {name}", note=f"note {name}", **more)
        for status, more in (
            (ProcessStatus.SUSPENDED, {}),
            (ProcessStatus.FAILED, {"failed_reason": f"reason {name}"}),
            (ProcessStatus.COMPLETED, {}),
            (ProcessStatus.AWAITING_CALLBACK, {}),
            (ProcessStatus.CREATED, {"ready_at": now - timedelta(minutes=5)}),
            (ProcessStatus.WAITING, {"ready_at": now + timedelta(hours=5)}),
            (ProcessStatus.WAITING, {"ready_at": now, "blocked_by_system": "inventory"}),
            (ProcessStatus.FAILED, {"target": Target.SYSTEM, "workflow": "task"}),
        )
    ]  # fmt: skip
    for one in made:
        processes.step(one, status=StepStatus.CRASHED, error={"class": "X", "message": f"crash {name}"})
    running = processes.process(
        ProcessStatus.RUNNING, about=about, leased_by=f"worker {name}", fence=1, position_attempt=1
    )
    SystemSlot.objects.create(
        system=ExternalSystem.objects.get(), number=SystemSlot.objects.count(), process_id=running.pk, fence=1,
        path=running.position_path, visit=running.position_visit, attempt=running.position_attempt,
    )  # fmt: skip
    return {"product": product, "subscription": subscriptions[0], "process": made[0], "customer": customer}


def keys_of(ours: Mapping[str, Any]) -> Mapping[str, str]:
    """What stands for parameters: our own rows."""
    product, subscription, process = (str(ours[name].pk) for name in ("product", "subscription", "process"))
    return {
        "<uuid:process_id>": process,
        "<uuid:subscription_id>": subscription,
        "<uuid:product_id>": product,
        "products/<uuid:pk>": f"products/{product}",
        "subscriptions/<uuid:pk>": f"subscriptions/{subscription}",
        "<str:kind>/<uuid:key>": f"subscription/{subscription}",
        "<str:workflow_name>": "create_subscription",
        "<uuid:draft_id>": "7d6a2b7e-0000-4000-8000-000000000001",
        "<slug:name>": "inventory",
        "<int:number>": "0",
        "<int:index>": "0",
        "products/product/<path:object_id>": f"products/product/{product}",
        "subscriptions/customer/<path:object_id>": f"subscriptions/customer/{ours['customer'].pk}",
    }


def addresses(ours: Mapping[str, Any]) -> list[str]:
    """Everything that the limited person may look at."""
    found: list[str] = []
    words = {VIEW, WATCH, START, RESUME, SIGNED_IN, CATALOGUE}
    for route, line in {**RIGHTS, **ADMIN_RIGHTS}.items():
        path = f"/{route}"
        for parameter, value in keys_of(ours).items():
            path = path.replace(parameter, value)
        if (
            line.get("GET") in words
            and route not in LEFT_OUT | SAYS_THAT_THERE_ARE_OTHERS
            and not {"<", "("} & set(path)
        ):
            found += [path, *(f"{path}{query}" for query in MORE.get(route, ()))]
    return found


def shown(client: Client, path: str) -> str:
    """What an address shows, without what is new each time."""
    answer = client.get(path)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    text = body.decode()
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        read = page_text.read(text)
        text = f"{read.title} {read.frame.as_json()} {read.content.as_json()}"
    told = {name: value for name, value in answer.headers.items() if name in {"Content-Range", "Link", "Location"}}
    return CHANGING.sub("…", f"{answer.status_code} {told} {text}")


def difference(path: str, before: str, after: str) -> str:
    """What is shown before or after alone."""
    was, now = (re.split(r"', '|,\s*\"|, ", text) for text in (before, after))
    told = difflib.ndiff(was, now)
    return "\n  ".join([path, *(line[:300] for line in told if line[0] in "+-")])


@pytest.fixture
def limited(roles: None, settings: Settings) -> Client:
    """Somebody who may see what belongs to one customer, and the products of it."""
    where = {"customer": ["ours"], "product": ["node ours"]}
    actions = ["view", "watch", "start", "resume"]
    AccessGrant.objects.create(name="ours", effect="only", actions=actions, condition=where)
    client = Client()
    client.force_login(person("vera", "operator", "modeller"), BACKEND)
    return client


def test_no_address_tells_of_rows_that_are_not_seen(limited: Client) -> None:
    ExternalSystem.objects.create(name="inventory", max_concurrent=4, failure_threshold=5, cool_down_seconds=30.0)
    ours = world("ours")
    with quiet():
        before = {path: shown(limited, path) for path in addresses(ours)}
    world("zebra")
    world("zebra too", product=ours["product"])
    with quiet():
        after = {path: shown(limited, path) for path in addresses(ours)}

    differs = [difference(path, before[path], after[path]) for path in before if before[path] != after[path]]
    assert not differs, "\n".join(differs)
    assert not [path for path, text in after.items() if "zebra" in text]
    assert sum(text.startswith("200") for text in before.values()) > 60
