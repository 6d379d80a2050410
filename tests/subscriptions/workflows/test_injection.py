"""Subscriptions as arguments of forms and input steps: to read, never as a raw dictionary."""

from collections.abc import Callable, Generator
from typing import Any, Optional

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pydantic_forms.core import FormPage
from pytest_django import Settings
from rest_framework.test import APIClient

from processes import actions
from processes.engine import DefinitionError, State, StepContext, StepList, Target, begin, step
from processes.engine.binding import MISSING
from processes.forms import FormIncomplete, FormUnavailable
from subscriptions.tree import BlockReadOnly
from subscriptions.workflows import Subscription, create_workflow, modify_workflow, validate_workflow
from subscriptions.workflows.injection import NoSubscription, SubscriptionReader, asks_for_subscriptions
from tests.factories import subscriptions as make
from tests.subscriptions.conftest import RunReady, offer

pytestmark = pytest.mark.usefixtures("asked")


@pytest.fixture
def asked(offered: None, settings: Settings) -> None:
    offer(settings, "asking", ask_about_node=Target.MODIFY, change_in_form=Target.MODIFY)


class Typed(Subscription):
    """What a stub of a product is to a type checker."""


@pytest.mark.parametrize(
    "annotation",
    [Subscription, Typed, list[Subscription], Subscription | None, list[Subscription] | None, Optional[Subscription]],  # noqa: UP045
    ids=repr,
)
def test_subscriptions_are_asked_for(annotation: object) -> None:
    assert asks_for_subscriptions(annotation)


@pytest.mark.parametrize(
    "annotation",
    [None, str, list[str], dict[str, Subscription], list, Subscription | str, list[Subscription | None]],
    ids=repr,
)
def test_other_annotations_ask_for_none(annotation: object) -> None:
    assert not asks_for_subscriptions(annotation)


def test_a_reader_hands_out_one_object_that_cannot_be_changed() -> None:
    node = make.node()
    reader = SubscriptionReader()

    one = reader.inject("a", Subscription, str(node.subscription_id))
    more = reader.inject("b", list[Subscription] | None, [{"subscription_id": str(node.subscription_id)}])

    assert isinstance(one, Subscription)
    assert more == [one]
    with pytest.raises(BlockReadOnly):
        one.node.ims_id = 3
    assert reader.inject("c", list[Subscription] | None, None) is None
    assert reader.inject("d", Subscription, MISSING) is MISSING
    with pytest.raises(NoSubscription):
        reader.inject("e", list[Subscription], "x")


def test_start_form_reads_the_subscription(operator: User) -> None:
    node = make.node("ams-7")

    with pytest.raises(FormIncomplete) as asked:
        actions.start("ask_about_node", [{"subscription_id": str(node.subscription_id)}], by=operator)

    assert asked.value.page.schema["title"] == "Which id has ams-7?"


def test_start_form_cannot_change_what_it_reads(operator: User) -> None:
    node = make.node()
    page = {"subscription_id": str(node.subscription_id)}

    with pytest.raises(FormUnavailable, match=r"BlockReadOnly: Node\.ims_id belongs to subscription"):
        actions.start("change_in_form", [page], by=operator)


def test_input_step_reads_the_subscription_on_pages_and_over_rest(
    operator: User, run_ready: RunReady, client: Client, api: Callable[..., APIClient]
) -> None:
    node = make.node("ams-7")
    pages: list[dict[str, Any]] = [{"subscription_id": str(node.subscription_id)}, {"ims_id": 5}]
    process = actions.start("ask_about_node", pages, by=operator)
    run_ready()
    client.force_login(operator)

    told = api(operator).get(f"/api/processes/{process.pk}").json()
    shown = client.get(f"/processes/{process.pk}/input/", follow=True).content.decode()
    actions.answer(process.pk, [{"sure": True}], by=operator)
    run_ready()

    assert told["form"]["title"] == "Is 5 right for ams-7?"
    assert "Is 5 right for ams-7?" in shown
    process.refresh_from_db()
    assert process.status == "completed"


@step("Open a session")
def with_client(subscription: Subscription, client: Client) -> None: ...


@step("Map them")
def mapped(subscriptions: dict[str, Subscription]) -> None: ...


@pytest.mark.parametrize(("one", "name"), [(with_client, "client"), (mapped, "subscriptions")])
def test_step_that_asks_for_what_nobody_has_is_refused_with_what_there_is(one: Any, name: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        validate_workflow("Odd")(wrapped(one))

    assert str(refused.value).startswith(f'Workflow odd: step "{one.name}" asks for the parameter `{name}`')
    assert "`Subscription`, `list[Subscription]`, either of them `| None`" in str(refused.value)


def wrapped(one: Any) -> Callable[[], StepList]:
    def odd() -> StepList:
        steps: StepList = begin >> one
        return steps

    return odd


def misspelt(product: str, produkt_name: str) -> Generator[Any, Any, State]:
    yield FormPage
    return {}


def of_subscription(subscription: Subscription) -> Generator[Any, Any, State]:
    yield FormPage
    return {}


def in_a_run(step: StepContext) -> Generator[Any, Any, State]:
    yield FormPage
    return {}


@pytest.mark.parametrize(
    ("decorate", "form", "told"),
    [
        (create_workflow, misspelt, "`produkt_name`, which is not there"),
        (create_workflow, of_subscription, "`subscription`, which is not there"),
        (create_workflow, in_a_run, "`step`, but there is no `StepContext` in a form"),
        (modify_workflow, misspelt, "`produkt_name`, which is not there"),
    ],
)
def test_form_that_asks_for_what_is_not_there_is_refused_when_it_is_loaded(decorate: Any, form: Any, told: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        decorate("Odd", form=form)(wrapped(begin))

    assert f"Workflow odd: its form asks for the parameter {told}. It may ask for: " in str(refused.value)
    assert "`product_name`" in str(refused.value)
