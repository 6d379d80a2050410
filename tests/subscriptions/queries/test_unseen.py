"""Names, ids and values of subscriptions that somebody may not see stand nowhere beside those that they may."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from processes.access.viewer import shown_to
from processes.engine.values.status import ProcessStatus
from processes.models import AccessGrant, ProcessSubject
from subscriptions import tree
from subscriptions.actions import mark_out_of_sync
from subscriptions.display.panels import changes, subjects
from subscriptions.models import Subscription
from subscriptions.queries.choices import block_labels
from subscriptions.queries.history import HIDDEN, compare, history
from subscriptions.queries.lists import holder_of
from subscriptions.queries.unseen import UNSEEN
from tests.factories import subscriptions as make
from tests.subscriptions.conftest import process

pytestmark = pytest.mark.usefixtures("offered")
Api = Callable[..., APIClient]
BACKEND = "orchestrator_site.auth.local.LocalBackend"


def of_other(subscription: tree.Subscription) -> tree.Subscription:
    """Give it to a customer whom the operator does not serve."""
    other = make.customer("ESnet", "ESNET")
    Subscription.objects.filter(pk=subscription.subscription_id).update(customer=other)
    return subscription


@pytest.fixture
def limited(operator: User) -> User:
    """An operator who sees what belongs to EX only."""
    AccessGrant.objects.create(name="EX", effect="only", actions=["view"], condition={"customer": ["EX"]})
    return operator


@pytest.fixture
def visitor(limited: User) -> Client:
    browser = Client()
    browser.force_login(limited, BACKEND)
    return browser


def is_told(text: str, hidden: tree.Subscription, *more: str) -> bool:
    instance = next(iter(tree.blocks_of(hidden))).subscription_instance_id
    return any(one in text for one in (str(hidden.subscription_id), str(instance), hidden.description, *more))


FACES = ["/api/subscriptions/workflows/{}", "/api/subscriptions/domain-model/{}", "/subscriptions/{}/"]


@pytest.mark.parametrize("face", FACES)
def test_a_hidden_user_is_counted(face: str, visitor: Client) -> None:
    """Names and ids of what depends on a subscription were told to those who may not see them."""
    node = make.node()
    hidden = of_other(make.port(node, "9/9"))
    make.port(node, "1/1")

    text = visitor.get(face.format(node.subscription_id)).content.decode()

    assert not is_told(text, hidden, "port 9/9")
    assert "port 1/1" in text or "domain" in face
    assert "one that you may not see" in text or '"in_use_by_hidden":true' in text


def test_the_refusal_of_a_start_counts_a_hidden_user(api: Api, limited: User, visitor: Client) -> None:
    """Names and ids of what depends on a subscription were told to those who may not see them."""
    node = make.node()
    hidden = of_other(make.port(node, "9/9"))
    body = [{"subscription_id": str(node.subscription_id)}, {}]

    page = visitor.get(f"/workflows/terminate_node/start/?subscription_id={node.subscription_id}", follow=True)
    answer = api(limited).post("/api/processes/terminate_node", body, format="json")

    assert (page.status_code, answer.status_code) == (409, 400)
    for text in (page.content.decode(), answer.content.decode()):
        assert not is_told(text, hidden)
        assert "one that you may not see" in text


def test_a_hidden_relation_that_is_out_of_sync_is_counted(api: Api, limited: User) -> None:
    """Names and ids of what depends on a subscription were told to those who may not see them."""
    node = of_other(make.node())
    port = make.port(node)
    mark_out_of_sync(node.subscription_id)

    answer = api(limited).get(f"/api/subscriptions/workflows/{port.subscription_id}").json()

    (option,) = answer["terminate"]
    assert option["reason_text"] == "Related subscriptions are out of sync: one that you may not see."
    assert option["blockers"] == [{"kind": "subscription", "id": "", "label": "one that you may not see"}]
    assert option["locked_relations"] == []


@pytest.mark.parametrize("face", FACES[1:])
def test_values_of_a_hidden_subscription_are_not_shown(face: str, visitor: Client) -> None:
    """Values of a block were told to those who may not see whose it is."""
    node = of_other(make.node("secret-1"))
    port = make.port(node)

    text = visitor.get(face.format(port.subscription_id)).content.decode()

    assert not is_told(text, node, "planned")
    assert UNSEEN in text or '"hidden":true' in text


def test_history_tells_no_hidden_reference(api: Api, limited: User) -> None:
    """Values of a block were told to those who may not see whose it is."""
    seen, hidden = make.node("ams-1"), of_other(make.node("secret-1"))
    port = make.port(seen)
    port.port.node = hidden.node
    port = make.changed(port)
    latest = history(port.subscription_id)[0].number
    url = f"/api/subscriptions/{port.subscription_id}/compare?from={latest - 1}&to={latest}"

    with shown_to(lambda: limited):
        told = [one for one in compare(port.subscription_id, latest - 1, latest) if one.after == HIDDEN]
        newest = history(port.subscription_id)[0].changes

    assert [one.path for one in told] == ["port.node"]
    assert [one.after for one in newest if one.path == "port.node"] == [HIDDEN]
    text = api(limited).get(url).content.decode()
    assert str(hidden.subscription_id) not in text


def test_processes_tell_no_hidden_subject(api: Api, limited: User, visitor: Client) -> None:
    """A process about two is seen for the sake of one."""
    seen, hidden = make.node("ams-1"), of_other(make.node("secret-1"))
    row = process(seen.subscription_id, ProcessStatus.COMPLETED)
    ProcessSubject.objects.create(
        process=row, kind="subscription", subject_id=str(hidden.subscription_id), label=hidden.description
    )

    listed = api(limited).get("/api/processes/").json()
    pages = [
        b"".join(visitor.get(url)).decode()
        for url in ("/processes/?view=all", "/processes/?view=all&format=csv", f"/processes/{row.pk}/")
    ]

    assert [one["subscription_id"] for one in listed[0]["subscriptions"]] == [str(seen.subscription_id)]
    assert [is_told(text, hidden) for text in [json.dumps(listed), *pages]] == [False] * 4


def test_labels_of_hidden_ones_are_covered_wherever_they_are_looked_up(limited: User) -> None:
    node = of_other(make.node("secret-1"))
    key, instance = node.subscription_id, node.node.subscription_instance_id
    claim = ("global:Node:node_name", "")

    with shown_to(lambda: limited):
        panel = subjects("subscription", [str(key)])
        labels = block_labels([instance])
        none = (holder_of(*claim), changes(make.product("node").pk, []))

    assert panel == {str(key): {"label": UNSEEN, "url": ""}}
    assert labels == {str(instance): UNSEEN}
    assert none == (None, {})


@pytest.mark.parametrize("number", [1, 3])
def test_who_is_limited_costs_the_same_for_one_and_three(
    number: int, api: Api, limited: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    node = make.node()
    for count in range(number):
        of_other(make.port(node, str(count)))
    client = api(limited)
    client.get(f"/api/subscriptions/domain-model/{node.subscription_id}")

    with django_assert_num_queries(LIMITED):
        answer: Any = client.get(f"/api/subscriptions/domain-model/{node.subscription_id}").json()

    assert answer["node"]["in_use_by_hidden"] is True


LIMITED = 6
