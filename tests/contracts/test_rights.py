"""Every address, asked with every method by everybody: who is not in the table is kept out, and nobody else is.

A method that the table does not name does not exist: 405 to everybody who may ask at all.
"""

from collections.abc import Iterator, Mapping
from http.cookies import SimpleCookie
from typing import Any, Self
from uuid import uuid4

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver
from django.utils import timezone
from pytest_django import Settings

from orchestrator_site.models import DirectorySync, Identity, RoleRule
from processes.access import audit
from processes.access.permissions import ROLES
from processes.engine.values.status import ProcessStatus
from processes.models import AccessGrant, ExternalSystem, Workflow
from processes.plugins import registry
from processes.queries.workflows import workflow_id
from products.models import ProductBlock, ResourceType
from tests.conftest import person
from tests.contracts.admin_rights import ADMIN_ACTIONS, ADMIN_RIGHTS
from tests.contracts.conftest import quiet
from tests.contracts.rights import ANYBODY, ITSELF, RIGHTS, SIGNED_IN, VIEW
from tests.contracts.test_coverage import routes
from tests.database import rolled_back
from tests.factories import processes, products, site

pytestmark = pytest.mark.django_db
BACKEND = "orchestrator_site.auth.local.LocalBackend"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
ACTORS = ("nobody", "stranger", *ROLES)
CLOSED = {401, 403}
TABLE = {**RIGHTS, **ADMIN_RIGHTS}
OUT_OF_REACH = {("api/health/", 503)}
"""It says that no worker serves."""
ASKED_WITH = {
    "admin/autocomplete/": "?app_label=products&model_name=fixedinput&field_name=resource_type&term=",
}
"""Without this they ask for nothing, and get nothing."""
Keys = Mapping[str, str]


def all_routes() -> list[str]:
    return sorted({route for route, _ in routes(get_resolver().url_patterns)})


def word_of(route: str, method: str) -> str:
    """What the table says of a route and a method; nothing where there is no such method."""
    line = TABLE[route]
    if method == "HEAD":
        return line.get("HEAD", line.get("GET", ""))
    if method == "OPTIONS" and route.startswith("api/"):
        return line.get("OPTIONS", VIEW)
    return line.get(method, "")


def may(actor: str, word: str) -> bool:
    if word == ANYBODY or (word == SIGNED_IN and actor != "nobody"):
        return True
    return word in {action.value for action in ROLES.get(actor, ())}


def test_every_route_has_a_line_and_every_line_a_route() -> None:
    known = all_routes()

    assert [route for route in known if route not in TABLE] == []
    assert sorted(set(TABLE) - set(known)) == []
    assert RIGHTS.keys() & ADMIN_RIGHTS.keys() == set()


@pytest.fixture
def keys(roles: None) -> Keys:
    """What stands for the parameters of routes: things that are there."""
    product = products.published()
    subscription = site.subscription(product, "line")
    limits = {"max_concurrent": 4, "failure_threshold": 5, "cool_down_seconds": 30.0}
    system = ExternalSystem.objects.create(name="inventory", **limits)
    process, workflow = processes.process(ProcessStatus.SUSPENDED), sorted(registry.all_workflows())[0]
    user = person("somebody")
    of_admin = {
        "processes/workflow": Workflow.objects.all()[0].pk,
        "processes/auditevent": audit.record("sign_in", by="somebody").pk,
        "processes/externalsystem": system.pk,
        "processes/accessgrant": AccessGrant.objects.create(name="g", effect="deny", actions=[], enabled=False).pk,
        "products/productblock": ProductBlock.objects.all()[0].pk,
        "products/product": product.pk,
        "products/resourcetype": ResourceType.objects.all()[0].pk,
        "subscriptions/customer": subscription.customer_id,
        "auth/group": Group.objects.create(name="choir").pk,
        "auth/user": user.pk,
        "orchestrator_site/rolerule": RoleRule.objects.create(value="/noc", gives=Group.objects.all()[0]).pk,
        "orchestrator_site/identity": Identity.objects.create(user=user, last_seen_at=timezone.now()).pk,
        "orchestrator_site/directorysync": DirectorySync.objects.create(started_at=timezone.now()).pk,
    }
    return {
        **{f"admin/{model}/<path:object_id>": f"admin/{model}/{key}" for model, key in of_admin.items()},
        "admin/auth/user/<int:pk>": f"admin/auth/user/{user.pk}",
        "admin/auth/user/<id>": f"admin/auth/user/{user.pk}",
        "rights/people/<int:pk>": f"rights/people/{user.pk}",
        "account/sessions/<int:pk>": "account/sessions/999",  # the first is one's own
        "<uuid:process_id>": str(process.pk),
        "<uuid:draft_id>": str(uuid4()),
        "<uuid:form_id>": str(uuid4()),
        "<uuid:subscription_id>": str(subscription.pk),
        "<uuid:product_id>": str(product.pk),
        "<uuid:product_block_id>": str(ProductBlock.objects.values_list("pk", flat=True)[0]),
        "<uuid:resource_type_id>": str(ResourceType.objects.values_list("pk", flat=True)[0]),
        "<uuid:workflow_id>": str(workflow_id(process.workflow_name)),
        "<str:language>": "en-GB",
        "<str:name>": "all",
        "products/<uuid:pk>": f"products/{product.pk}",
        "subscriptions/<uuid:pk>": f"subscriptions/{subscription.pk}",
        "<str:workflow_name>": workflow,
        "<str:kind>/<uuid:key>": f"product/{product.pk}",
        "<slug:name>": "inventory",
        "<uidb64>": "MQ",
        "<token>": "a-b",
        "<path:content_type_id>": "1",
        "<path:object_id>": "1",
        "<int:pk>": "1",
        "<int:token_id>": "999",
        "<int:number>": "0",
        "<int:index>": "0",
        "^(?P<app_label>processes|products|subscriptions|auth|orchestrator_site)/$": "processes/",
        "(?P<url>.*)$": "nothing",
    }


def path_of(route: str, keys: Keys) -> str:
    for parameter, value in keys.items():
        route = route.replace(parameter, value)
    assert not {"<", "("} & set(route), route
    return f"/{route}{ASKED_WITH.get(route, '')}"


class Unwritten(HttpResponse):
    """A page that is not put together."""

    def render(self) -> Self:
        return self


class OnlyDecided:
    """Middleware: of the pages of the admin, which take their time, only those that are looked at are put together."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer: HttpResponse = self.get_response(request)
        return answer

    def process_template_response(self, request: HttpRequest, response: Any) -> Any:
        return response if request.method == "GET" else Unwritten(status=response.status_code)


class Asker:
    """Somebody who asks; nothing is left of what it does."""

    def __init__(self, actor: str) -> None:
        self.client = Client(raise_request_exception=False)
        if actor != "nobody":
            self.client.force_login(person(actor, *({actor} & ROLES.keys())), BACKEND)
        self._cookies = self.client.cookies.output()

    def ask(self, method: str, path: str) -> Any:
        if method in {"GET", "HEAD", "OPTIONS", "TRACE"}:
            return self.client.generic(method, path)
        with rolled_back():
            answer = self.client.generic(method, path)
        if self.client.cookies.output() != self._cookies:
            self.client.cookies = SimpleCookie(self._cookies.replace("Set-Cookie: ", ""))
        return answer


def is_closed(answer: Any) -> bool:
    """Refused, or sent to sign in and then back."""
    to_sign_in = answer.status_code == 302 and answer["Location"].startswith(("/sign-in/?next=", "/admin/login/"))
    return answer.status_code in CLOSED or to_sign_in


def fault_of(actor: str, word: str, route: str, answer: Any) -> str:
    """What is wrong with an answer by what the table says; nothing when it is as it should be."""
    status = answer.status_code
    if status >= 500 and (route, status) not in OUT_OF_REACH:
        return "a fault of ours"
    if not word:
        unknown = is_closed(answer) and (actor == "nobody" or (status == 401 and ITSELF in TABLE[route].values()))
        return "" if status == 405 or unknown else "but no such method is declared"
    if status == 405:
        return f"but declared ({word})"
    if word == ITSELF:
        return ""
    if may(actor, word):
        return f"but may ({word})" if is_closed(answer) else ""
    if not is_closed(answer):
        return f"but may not ({word})"
    return "but has signed in" if status == 401 and actor != "nobody" else ""


def wrong(actor: str, keys: Keys) -> Iterator[str]:
    """Each cell of the table that does not hold for this actor."""
    asker = Asker(actor)
    for route in all_routes():
        for method in METHODS:
            answer = asker.ask(method, path_of(route, keys))
            fault = fault_of(actor, word_of(route, method), route, answer)
            if fault:
                yield f"{actor} {method} {route or '/'}: {answer.status_code}, {fault}"


@pytest.mark.parametrize("actor", ACTORS)
def test_table_holds_for_everybody(actor: str, keys: Keys, settings: Settings) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.contracts.test_rights.OnlyDecided"]
    with quiet():
        faults = list(wrong(actor, keys))

    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("actor", ["modeller", "admin"])
def test_actions_of_lists_are_those_of_the_table(actor: str, roles: None, rf: RequestFactory) -> None:
    request = rf.get("/admin/")
    request.user = person(actor, actor)

    offered = {
        model._meta.label_lower: sorted(page.get_actions(request)) for model, page in admin.site._registry.items()
    }

    assert offered == {
        model: sorted(name for name, word in actions.items() if may(actor, word))
        for model, actions in ADMIN_ACTIONS.items()
    }
