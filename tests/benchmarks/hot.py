"""The hot calls of the site, each to be made once in this process: what its plans read is asked of them."""

from collections.abc import Callable
from functools import partial
from uuid import uuid4

from django.contrib.auth.models import User
from django.test import Client

from tests.benchmarks import seed
from tests.benchmarks.accounts import NAME
from tests.benchmarks.internals import Process, Subscription, estimates, processes
from tests.benchmarks.reads import LIST, PROCESSES, start_form


def calls() -> dict[str, Callable[[], object]]:
    """By name; they write what a start form and one process write."""
    user = User.objects.get(username=NAME)
    browser = Client(HTTP_HOST="127.0.0.1", HTTP_X_FORWARDED_PROTO="https")
    browser.force_login(user)
    last = Subscription.objects.filter(status="active", insync=True).order_by("-created_at", "id").first()
    assert last
    process = Process.objects.order_by("-started_at", "id").first()
    assert process
    paths = {
        "list": LIST,
        "second page of the list": LIST.replace("0,25", "25,50"),
        "list of one customer": f"/api/subscriptions/?customer_id={last.customer_id}&range=0,25",
        "list of one product": f"/api/subscriptions/?product_id={last.product_id}&range=0,25",
        "whole subscription": f"/api/subscriptions/domain-model/{last.pk}",
        "what can be started": f"/api/subscriptions/workflows/{last.pk}",
        "list of processes": PROCESSES,
        "page of subscriptions": "/subscriptions/",
        "page of a subscription": f"/subscriptions/{last.pk}/",
        "page of processes": "/processes/",
        "page of a process": f"/processes/{process.pk}/",
        "start page": "/",
        "start form": start_form(str(last.pk)),
        "order form": f"/workflows/create_subscription/start/{uuid4()}/1/?product={last.product_id}",
        "choice of a subscription": f"/workflows/modify_note/start/{uuid4()}/0/",
    }
    return {
        **{name: partial(_get, browser, path) for name, path in paths.items()},
        "start and step that save one": partial(_change, user, str(last.pk)),
    }


def _get(browser: Client, path: str) -> None:
    estimates.clear()  # what an earlier call has counted is counted again
    response = browser.get(path)
    assert response.status_code == 200, f"{path}: {response.status_code}"
    assert not response.streaming


def _change(user: User, subscription_id: str) -> None:
    processes.start("modify_note", [{"subscription_id": subscription_id}, {"note": f"Noted {uuid4()}"}], by=user)
    seed.drive()
