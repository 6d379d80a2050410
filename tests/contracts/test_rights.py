"""Every address, asked with every method by everybody: who is not in the table is kept out, and nobody else is."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import get_resolver

from processes.access.permissions import ROLES
from processes.engine.values.status import ProcessStatus
from processes.models import ExternalSystem
from processes.plugins import registry
from tests.conftest import person
from tests.contracts.rights import ADMIN_PAGES, ANYBODY, ITSELF, RIGHTS, SIGNED_IN
from tests.contracts.test_coverage import routes
from tests.factories import processes, products, site

pytestmark = pytest.mark.django_db
BACKEND = "orchestrator_site.auth.local.LocalBackend"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
ACTORS = ("nobody", "stranger", *ROLES)
CLOSED = {401, 403}
ENDINGS = {"sign-out/", "admin/logout/"}
"""They would end the session that asks."""
OUT_OF_REACH = {("api/health/", 503)}
"""It says that no worker serves."""


def all_routes() -> list[str]:
    return sorted({route for route, _ in routes(get_resolver().url_patterns)})


def line_of(route: str) -> Mapping[str, str] | None:
    """What the table says of a route: a word for each method."""
    if route in RIGHTS:
        return RIGHTS[route]
    for pattern, (look, act) in ADMIN_PAGES.items():
        if route == pattern or (pattern.endswith("*") and route.startswith(pattern[:-1])):
            return {"GET": look, "POST": act}
    return None


def may(actor: str, word: str) -> bool:
    if word == ANYBODY or (word == SIGNED_IN and actor != "nobody"):
        return True
    return word in {action.value for action in ROLES.get(actor, ())}


def test_every_route_has_a_line_and_every_line_a_route() -> None:
    known = all_routes()

    assert [route for route in known if line_of(route) is None] == []
    assert sorted(set(RIGHTS) - set(known)) == []
    assert [
        pattern
        for pattern in ADMIN_PAGES
        if not any(route == pattern or (pattern[-1] == "*" and route.startswith(pattern[:-1])) for route in known)
    ] == []


@pytest.fixture
def keys(roles: None) -> Mapping[str, str]:
    """What stands for the parameters of routes: things that are there."""
    product = products.published()
    subscription = site.subscription(product, "line")
    ExternalSystem.objects.create(name="inventory", max_concurrent=4, failure_threshold=5, cool_down_seconds=30.0)
    process, workflow = processes.process(ProcessStatus.SUSPENDED), sorted(registry.all_workflows())[0]
    return {
        "account/sessions/<int:pk>": "account/sessions/999",  # the first is one's own
        "<uuid:process_id>": str(process.pk),
        "<uuid:draft_id>": str(uuid4()),
        "<uuid:subscription_id>": str(subscription.pk),
        "<uuid:product_id>": str(product.pk),
        "products/<uuid:pk>": f"products/{product.pk}",
        "subscriptions/<uuid:pk>": f"subscriptions/{subscription.pk}",
        "<str:workflow_name>": workflow,
        "<str:kind>/<uuid:key>": f"product/{product.pk}",
        "<slug:name>": "inventory",
        "<uidb64>": "MQ",
        "<token>": "a-b",
        "<path:content_type_id>": "1",
        "<path:object_id>": "1",
        "<id>": "1",
        "<int:pk>": "1",
        "<int:number>": "0",
        "<int:index>": "0",
        "^(?P<app_label>processes|products|subscriptions|auth)/$": "processes/",
        "(?P<url>.*)$": "nothing",
    }


def path_of(route: str, keys: Mapping[str, str]) -> str:
    for parameter, value in keys.items():
        route = route.replace(parameter, value)
    return f"/{route}"


def asked(client: Client, method: str, route: str, keys: Mapping[str, str]) -> Any:
    """What the route answers; a fault of ours fails the test whoever asks."""
    answer = client.generic(method, path_of(route, keys))
    assert answer.status_code < 500 or (route, answer.status_code) in OUT_OF_REACH, (method, route, answer.status_code)
    return answer


def is_closed(answer: Any) -> bool:
    """Refused, or sent to sign in."""
    to_sign_in = answer.status_code == 302 and answer["Location"].startswith(("/sign-in/", "/admin/login/"))
    return answer.status_code in CLOSED or to_sign_in


def wrong(actor: str, client: Client, keys: Mapping[str, str]) -> Iterator[str]:
    """Each cell of the table that does not hold for this actor."""
    for route in all_routes():
        line = line_of(route) or {}
        for method in METHODS:
            if route in ENDINGS and actor != "nobody":
                continue
            answer = asked(client, method, route, keys)
            if method == "HEAD" and answer.status_code == 405:
                continue  # a page that is not asked so
            word = line.get("GET" if method == "HEAD" else method, "")
            told = f"{actor} {method} {route or '/'}: {answer.status_code}"
            is_admin = route.startswith("admin/")
            if is_admin and (method not in {"GET", "POST"} or (method == "POST" and may(actor, line.get("GET", "")))):
                continue  # whoever may look at a page of the admin may send it nothing; its own tests show what changes
            is_open = not is_closed(answer) and not (is_admin and answer.status_code == 302)
            if not word and method != "OPTIONS" and route in RIGHTS and ITSELF not in line.values():
                if answer.status_code < 300:
                    yield f"{told}, but no such method is declared"
            elif word and word != ITSELF and may(actor, word) and is_closed(answer) and not is_admin:
                yield f"{told}, but may ({word})"
            elif word and word not in {ITSELF, "nobody"} and not may(actor, word) and is_open:
                yield f"{told}, but may not ({word})"


@pytest.mark.parametrize("actor", ACTORS)
def test_table_holds_for_everybody(actor: str, keys: Mapping[str, str]) -> None:
    client = Client(raise_request_exception=False)
    if actor != "nobody":
        user: User = person(actor, *({actor} & ROLES.keys()))
        client.force_login(user, BACKEND)

    assert "\n".join(wrong(actor, client, keys)) == ""
