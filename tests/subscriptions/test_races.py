"""Two at the same moment, each with a database connection of its own: never both, and the other is told why."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from processes import actions, store
from processes.actions import LockHeld
from processes.engine.errors import StartRefused
from processes.execution import drive
from processes.models import Process, ResourceLock
from products.actions import CatalogueFileInvalid
from products.queries import current_version
from subscriptions.actions import (
    StaleSubscription,
    StatusRefusedByUsers,
    UnsafeReference,
    ValueTaken,
    mint,
    save,
    set_in_sync,
)
from subscriptions.lifecycle import SubscriptionLifecycle
from subscriptions.models import Subscription, SubscriptionVersion
from subscriptions.queries.loading import load
from tests.factories import subscriptions as make
from tests.processes.threads import together
from tests.subscriptions.workflows import definitions

pytestmark = pytest.mark.usefixtures("offered")
ROUNDS = 4
Api = Callable[..., APIClient]


def kinds(outcomes: list[Any]) -> list[str]:
    """The class of each outcome that is an error, and the rest as they are, in a stable order."""
    return sorted(type(one).__name__ if isinstance(one, Exception) else "done" for one in outcomes)


def test_of_two_saves_of_one_version_one_is_stale() -> None:
    node = make.node()
    for number in range(ROUNDS):
        copies = [load(node.subscription_id) for _ in range(2)]
        for place, one in enumerate(copies):
            one.node.ims_id = 10 * number + place + 2

        outcomes = together([partial(save, [one], cause=make.CAUSE) for one in copies])

        assert kinds(outcomes) == ["StaleSubscription", "done"]
        won = outcomes.index(None)
        assert load(node.subscription_id).node.ims_id == copies[won].node.ims_id
        assert isinstance(outcomes[1 - won], StaleSubscription)
    numbers = SubscriptionVersion.objects.filter(subscription=node.subscription_id).values_list("number", flat=True)
    assert list(numbers) == list(range(1, 4 + ROUNDS))


def test_of_two_unique_values_one_is_taken() -> None:
    for number in range(ROUNDS):
        nodes = [make.minted("node") for _ in range(2)]
        for one in nodes:
            one.node.node_name = f"ams-{number}"

        outcomes = together([partial(save, [one], cause=make.CAUSE) for one in nodes])

        assert kinds(outcomes) == ["ValueTaken", "done"]
        assert isinstance(next(one for one in outcomes if one is not None), ValueTaken)


@pytest.fixture
def gate() -> Iterator[threading.Barrier]:
    """What the form of `meet_node` waits at, so that both starts have passed page 0 before either takes the lock."""
    definitions.gates.append(threading.Barrier(2, timeout=30))
    yield definitions.gates[0]
    definitions.gates.clear()


def test_of_two_starts_on_one_subscription_one_has_the_lock(operator: User, gate: threading.Barrier) -> None:
    node = make.node()
    page = {"subscription_id": str(node.subscription_id)}

    outcomes = together([lambda: actions.start("meet_node", [page, {}], by=operator)] * 2)

    assert kinds(outcomes) == ["LockHeld", "done"]
    process = Process.objects.get()
    lost = next(one for one in outcomes if isinstance(one, LockHeld))
    assert (lost.holder, ResourceLock.objects.get().process) == (process, process)
    assert Subscription.objects.get().version == node.version + 1


def test_of_two_starts_over_rest_one_is_409(api: Api, operator: User, gate: threading.Barrier) -> None:
    node = make.node()
    body = [{"subscription_id": str(node.subscription_id)}, {}]
    clients = [api(operator), api(operator)]

    answers = together([partial(one.post, "/api/processes/meet_node", body) for one in clients])

    assert sorted(str(getattr(one, "status_code", one)) for one in answers) == ["201", "409"]
    assert ResourceLock.objects.count() == 1


def test_of_many_starts_there_is_never_a_second_holder(operator: User) -> None:
    node = make.node()
    page = {"subscription_id": str(node.subscription_id)}

    outcomes = together([lambda: actions.start("validate_node", [page], by=operator)] * 4)

    refused = [one for one in outcomes if isinstance(one, LockHeld | StartRefused)]
    assert (len(refused), ResourceLock.objects.count(), Process.objects.count()) == (3, 1, 1)


def test_a_start_and_setting_in_sync_do_not_miss_each_other(operator: User, admin_user: User) -> None:
    node = make.node()
    page = {"subscription_id": str(node.subscription_id)}

    together([
        lambda: actions.start("reconcile_node", [page], by=operator),
        lambda: set_in_sync(node.subscription_id, by=admin_user),
    ])  # fmt: skip

    assert (Process.objects.count(), Subscription.objects.get().insync) == (1, False)


@pytest.mark.parametrize("status", ["provisioning", "active"])
def test_what_is_used_is_not_terminated_and_what_ends_is_not_used(status: str) -> None:
    for number in range(ROUNDS):
        node, port = make.node(f"ams-{number}"), make.minted("port 10G")
        ending = load(node.subscription_id)
        ending.move_to(SubscriptionLifecycle.TERMINATED)
        port.port.port_name, port.port.node = "1/1", node.node
        port.move_to(status)

        outcomes = together([partial(save, [one], cause=make.CAUSE) for one in (ending, port)])

        assert len([one for one in outcomes if one is None]) == 1, outcomes
        expected = UnsafeReference if outcomes[0] is None else StatusRefusedByUsers
        assert isinstance(outcomes[0] or outcomes[1], expected)


def drive_one() -> None:
    """Be a worker for one process."""
    claim = store.claim(threading.current_thread().name)
    assert claim is not None
    drive.run_claimed(claim)


def test_processes_that_end_a_node_and_build_on_it_do_not_both_complete(operator: User) -> None:
    for number in range(ROUNDS):
        node = make.node(f"ams-{number}")
        instance = str(node.node.subscription_instance_id)
        port = {"customer_id": str(make.customer().pk), "port_name": "1/1", "node": instance}
        product = {"product": str(make.product("port 10G").pk)}
        built = actions.start("create_subscription", [product, port, {}], by=operator)
        ended = actions.start("terminate_node", [{"subscription_id": str(node.subscription_id)}], by=operator)

        assert together([drive_one] * 2) == [None, None]

        statuses = {one.pk: one.status for one in Process.objects.filter(pk__in=[built.pk, ended.pk])}
        assert sorted(statuses.values()) == ["completed", "failed"], statuses
        is_gone = load(node.subscription_id).status == "terminated"
        assert is_gone == (statuses[ended.pk] == "completed")
        for one in (built, ended):
            one.refresh_from_db()
            if one.status == "failed":
                actions.abort(one.pk, by=operator)


def test_nothing_is_minted_in_a_model_that_is_being_replaced() -> None:
    product = make.product("node")
    customer = make.customer()
    numbers = count()

    def publish() -> None:
        field = f"      - {{name: size, resource_type: ims_id, default: {next(numbers)}}}\n"
        make.catalogue(make.CATALOGUE.replace("  - name: Port\n", f"{field}  - name: Port\n", 1))

    def order() -> Any:
        return mint(product.pk, customer_id=customer.pk, subscription_id=uuid4(), cause=make.CAUSE)

    for number in range(ROUNDS):
        outcomes = together([publish, order, order])

        assert [one for one in outcomes if isinstance(one, Exception)] == []
        newest = current_version(product.pk)
        stored = Subscription.objects.values_list("pk", "product_version")
        assert {version for _, version in stored} == {newest.pk}
        assert {load(pk).node.size for pk, _ in stored} <= set(range(number + 1))


def test_a_model_that_what_is_being_ordered_does_not_fit_is_refused_or_comes_first() -> None:
    product, customer = make.product("node"), make.customer()
    needed = "      - {name: size, resource_type: ims_id, required_from: initial}\n"
    text = make.CATALOGUE.replace("  - name: Port\n", f"{needed}  - name: Port\n", 1)

    outcomes = together([
        lambda: make.catalogue(text),
        lambda: mint(product.pk, customer_id=customer.pk, subscription_id=uuid4(), cause=make.CAUSE),
    ])  # fmt: skip

    is_refused = isinstance(outcomes[0], CatalogueFileInvalid)
    versions = set(Subscription.objects.values_list("product_version", flat=True))
    assert versions <= {current_version(product.pk).pk}
    assert current_version(product.pk).number == (1 if is_refused else 2)
