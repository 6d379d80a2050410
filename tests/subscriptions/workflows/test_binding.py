"""What a process does to its subscription, from start to end."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from rest_framework.test import APIClient

from processes import actions, store
from processes.actions import LockHeld
from processes.engine import (
    Abort,
    Difference,
    Drift,
    InconsistentDataError,
    StartRefused,
    Unavailable,
)
from processes.execution import drive
from processes.forms import FormIncomplete, FormInvalid
from processes.models import Process, ResourceLock
from products.models import Product
from subscriptions import queries
from subscriptions.actions import mark_out_of_sync
from subscriptions.models import Subscription, SubscriptionVersion, Validation
from subscriptions.queries.loading import load
from subscriptions.workflows.start_form import UnknownProduct
from tests.conftest import person
from tests.factories import subscriptions as make
from tests.processes.threads import together
from tests.subscriptions.conftest import ROUNDS, RunReady, kinds
from tests.subscriptions.workflows import definitions

pytestmark = pytest.mark.usefixtures("offered")


def start_create(operator: User, name: str = "ams-1") -> Process:
    pages = [{"product": str(make.product("node").pk)}, {"customer_id": str(make.customer().pk), "node_name": name}]
    return actions.start("create_node", pages, by=operator)


def start_on(workflow: str, subscription_id: UUID, operator: User, **more: Any) -> Process:
    return actions.start(workflow, [{"subscription_id": str(subscription_id), **more}], by=operator)


def state_of(process: Process) -> dict[str, Any]:
    return store.load_state(process.pk).as_dict()


def flags(subscription_id: UUID) -> tuple[str, bool]:
    return Subscription.objects.values_list("status", "insync").get(pk=subscription_id)


def test_created_subscription_is_there_from_the_start(operator: User) -> None:
    process = start_create(operator)

    row = Subscription.objects.get()
    assert (row.status, row.insync, row.description) == ("initial", False, "node")
    state = state_of(process)
    assert state["subscription"] == {"subscription_id": str(row.pk), "version": 1}
    assert {key: state[key] for key in ("subscription_id", "product", "product_name", "customer_id")} == {
        "subscription_id": str(row.pk),
        "product": str(row.product_id),
        "product_name": "node",
        "customer_id": str(row.customer_id),
    }
    assert state["asked_for"] == f"node {row.product_id}"
    assert list(process.subjects.values_list("kind", "subject_id", "label")) == [("subscription", str(row.pk), "node")]
    assert ResourceLock.objects.get().resource == f"subscription:{row.pk}"


def test_create_ends_active_and_in_sync(operator: User, run_ready: RunReady) -> None:
    process = start_create(operator)

    run_ready()

    process.refresh_from_db()
    assert (process.status, process.last_step) == ("completed", "Set subscription status to active")
    row = Subscription.objects.get()
    assert (row.status, row.insync, row.description) == ("active", True, "node ams-1")
    assert row.start_date is not None
    assert process.subjects.get().label == "node ams-1"
    assert not ResourceLock.objects.exists()
    told = SubscriptionVersion.objects.order_by("number").values_list("number", "by", "step_path", "header__status")
    assert list(told) == [
        (1, "operator", "", "initial"),
        (2, "operator", "construct-node", "provisioning"),
        (3, "operator", "maybe-fail", "provisioning"),
        (4, "operator", "final-status", "active"),
    ]
    assert set(SubscriptionVersion.objects.values_list("process_id", flat=True)) == {process.pk}
    assert state_of(process)["subscription"]["version"] == 4


def test_failed_create_stays_out_of_sync_and_goes_on_by_retry(operator: User, run_ready: RunReady) -> None:
    definitions.failures.append(RuntimeError("no cable"))
    process = start_create(operator)
    run_ready()
    row = Subscription.objects.get()
    assert flags(row.pk) == ("provisioning", False)
    assert not ResourceLock.objects.exists()

    actions.retry(process.pk, by=operator)
    run_ready()

    assert flags(row.pk) == ("active", True)


def test_aborted_create_ends_what_is_still_initial(operator: User) -> None:
    process = start_create(operator)

    actions.abort(process.pk, by=operator)

    row = Subscription.objects.get()
    assert flags(row.pk) == ("terminated", True)
    assert row.end_date is not None


def test_aborted_create_leaves_what_was_begun(operator: User, run_ready: RunReady) -> None:
    definitions.failures.append(RuntimeError("no cable"))
    process = start_create(operator)
    run_ready()

    actions.abort(process.pk, by=operator)

    assert flags(Subscription.objects.get().pk) == ("provisioning", False)


def test_value_that_is_taken_fails_the_step_with_the_rule(operator: User, run_ready: RunReady) -> None:
    make.node("ams-1")

    process = start_create(operator, "ams-1")
    run_ready()

    process.refresh_from_db()
    assert (process.status, process.error_class) == ("failed", "ValueTaken")
    assert process.failed_reason is not None
    assert "Node.node_name must be unique" in process.failed_reason
    assert Subscription.objects.filter(status="initial").count() == 1


def test_modify_changes_and_ends_in_sync(operator: User, run_ready: RunReady) -> None:
    node = make.node()

    process = start_on("rename_node", node.subscription_id, operator, version=node.version)
    assert flags(node.subscription_id) == ("active", False)
    run_ready()

    process.refresh_from_db()
    assert process.status == "completed"
    assert flags(node.subscription_id) == ("active", True)
    assert queries.get(node.subscription_id).node.node_name == "renamed"
    reference = state_of(process)["others"][0]
    assert reference["subscription_id"] == str(node.subscription_id)


@pytest.mark.parametrize("first", ["rename_node", "validate_node"])
def test_start_on_what_a_process_works_on_names_that_process(operator: User, first: str) -> None:
    """fault 21: it said "out of sync", which was true and no reason that helps."""
    node = make.node()
    holder = start_on(first, node.subscription_id, operator)

    with pytest.raises(StartRefused, match="A process is running on it: ") as refused:
        start_on("terminate_node", node.subscription_id, operator)

    assert [(one.kind, one.id) for one in refused.value.blockers] == [("process", str(holder.pk))]


def test_start_on_what_is_out_of_sync_without_a_process_says_so(operator: User) -> None:
    node = make.node()
    mark_out_of_sync(node.subscription_id)

    with pytest.raises(StartRefused, match=r"The subscription is out of sync\."):
        start_on("terminate_node", node.subscription_id, operator)


def test_form_leads_to_the_process_that_is_in_the_way(operator: User, client: Client) -> None:
    node = make.node()
    holder = start_on("validate_node", node.subscription_id, operator)
    client.force_login(operator)

    led = client.get(f"/workflows/terminate_node/start/?subscription_id={node.subscription_id}", follow=True)

    assert f'<a href="/processes/{holder.pk}/">Validate node</a>' in led.content.decode()
    assert "A process is running on it: Validate node." in led.content.decode()


def test_validate_while_another_process_works_is_refused_by_the_lock(operator: User) -> None:
    node = make.node()
    first = start_on("rename_node", node.subscription_id, operator)

    with pytest.raises(actions.LockHeld) as held:
        start_on("validate_node", node.subscription_id, operator)

    assert held.value.holder == first
    assert Process.objects.count() == 1


def test_stale_version_is_refused_and_nothing_is_stored(operator: User) -> None:
    node = make.node()

    with pytest.raises(StartRefused, match="version 1 was read, and it is at version 2"):
        start_on("rename_node", node.subscription_id, operator, version=1)

    assert not Process.objects.exists()
    assert flags(node.subscription_id) == ("active", True)


def test_change_that_is_not_returned_fails_the_step(operator: User, run_ready: RunReady) -> None:
    node = make.node()

    process = start_on("forget_node", node.subscription_id, operator)
    run_ready()

    process.refresh_from_db()
    assert (process.status, process.error_class) == ("failed", "ChangedNotReturned")
    assert queries.get(node.subscription_id).node.ims_id == 1


def test_subscription_that_is_not_locked_cannot_be_saved(operator: User, run_ready: RunReady) -> None:
    node, other = make.node("a"), make.node("b")

    pages = [{"subscription_id": str(node.subscription_id)}, {"other": str(other.subscription_id)}]
    process = actions.start("change_another", pages, by=operator)
    run_ready()

    process.refresh_from_db()
    assert (process.status, process.error_class) == ("failed", "NotLocked")
    assert queries.get(other.subscription_id).node.ims_id == 1


@pytest.mark.parametrize("workflow", ["validate_node", "reconcile_node"])
def test_validate_and_reconcile_put_in_sync_what_was_not(operator: User, run_ready: RunReady, workflow: str) -> None:
    node = make.node()
    mark_out_of_sync(node.subscription_id)

    process = start_on(workflow, node.subscription_id, operator)
    run_ready()

    process.refresh_from_db()
    assert process.is_task == (workflow == "validate_node")
    assert flags(node.subscription_id) == ("active", True)
    assert state_of(process)["name"] == "ams-1"


def test_validations_in_a_row_leave_the_history_and_an_open_form_alone(operator: User, run_ready: RunReady) -> None:
    node = make.node()
    before = list(SubscriptionVersion.objects.values_list("number", "by"))

    for _ in range(13):
        start_on("validate_node", node.subscription_id, operator)
        run_ready()

    assert list(SubscriptionVersion.objects.values_list("number", "by")) == before
    opened_before_them = start_on("rename_node", node.subscription_id, operator, version=node.version)
    assert opened_before_them.status == "created"


def test_failed_validation_leaves_out_of_sync(operator: User, run_ready: RunReady) -> None:
    node = make.node()
    definitions.failures.append(RuntimeError("drift"))

    start_on("validate_node", node.subscription_id, operator)
    run_ready()

    assert flags(node.subscription_id) == ("active", False)


def test_terminate_ends_it(operator: User, run_ready: RunReady) -> None:
    node = make.node()

    start_on("terminate_node", node.subscription_id, operator)
    run_ready()

    assert flags(node.subscription_id) == ("terminated", True)


def test_terminate_of_what_is_used_names_the_users(operator: User) -> None:
    node = make.node()
    port = make.port(node)

    with pytest.raises(StartRefused) as refused:
        start_on("terminate_node", node.subscription_id, operator)

    assert refused.value.reason == "The subscription is in use by: port 1/1."
    assert [(one.kind, one.id) for one in refused.value.blockers] == [("subscription", str(port.subscription_id))]


def test_page_0_lists_what_can_be_chosen(operator: User) -> None:
    node = make.node()

    with pytest.raises(FormIncomplete) as product_page:
        actions.start("create_node", [], by=operator)
    with pytest.raises(FormIncomplete) as subscription_page:
        actions.start("rename_node", [], by=operator)

    product = product_page.value.page.schema["properties"]["product"]
    assert (product["format"], product["options"]) == ("productId", {str(make.product("node").pk): "node"})
    asked = subscription_page.value.page.schema["properties"]["subscription_id"]
    assert asked["options"] == {str(node.subscription_id): "node ams-1"}


@pytest.mark.parametrize(
    "page", [{}, {"product": "x"}, {"product": None}, {"product": str(uuid4()), "more": 1}, {"subscription_id": "x"}]
)
def test_page_0_refuses_other_shapes(operator: User, page: dict[str, Any]) -> None:
    with pytest.raises(FormInvalid) as invalid:
        actions.start("create_node", [page], by=operator)

    assert invalid.value.page.index == 0


def test_unknown_product_and_subscription_are_not_found(operator: User) -> None:
    with pytest.raises(UnknownProduct):
        actions.start("create_node", [{"product": str(uuid4())}], by=operator)
    with pytest.raises(queries.UnknownSubscription):
        start_on("rename_node", uuid4(), operator)


def test_product_that_is_not_orderable_is_refused(operator: User) -> None:
    with pytest.raises(StartRefused, match="“port 10G” is not ordered with the workflow create_node"):
        actions.start("create_node", [{"product": str(make.product("port 10G").pk)}], by=operator)
    Product.objects.update(status="phase out")
    with pytest.raises(StartRefused, match="“node” cannot be ordered: its status is phase out"):
        start_create(operator)


def test_product_in_pre_production_is_ordered_by_those_who_may_test(operator: User, run_ready: RunReady) -> None:
    make.product("node")
    Product.objects.update(status="pre production")

    with pytest.raises(StartRefused, match="“node” is in pre production: only those who may test can order it"):
        start_create(operator)
    start_create(person("tess", "operator", "modeller"))
    run_ready()

    assert Subscription.objects.get().status == "active"


def test_workflow_that_the_product_does_not_offer_is_refused(operator: User) -> None:
    port = make.port(make.node())

    with pytest.raises(StartRefused, match="“port 10G” does not offer the workflow rename_node"):
        start_on("rename_node", port.subscription_id, operator)


Api = Callable[..., APIClient]


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
    assert not Subscription.objects.get().insync


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


def validated(operator: User, run_ready: RunReady, subscription_id: UUID, failure: Exception | None = None) -> Process:
    """A run of the validation, which raises this."""
    definitions.failures[:] = [failure] if failure else []
    process = start_on("validate_node", subscription_id, operator)
    run_ready()
    process.refresh_from_db()
    return process


def test_validation_keeps_its_drift_as_data(operator: User, run_ready: RunReady) -> None:
    node = make.node().subscription_id
    drift = Drift([Difference("speed", 1000, None), Difference("vlans", [1, 2], [2])], "node ams-1")

    process = validated(operator, run_ready, node, drift)

    assert (process.status, process.error_class) == ("inconsistent_data", "Drift")
    validation = Validation.objects.get()
    assert (validation.subscription_id, validation.workflow_name) == (node, "validate_node")
    assert (validation.process_id, validation.has_drift) == (process.pk, True)
    assert [(row["fact"], row["expected"], row["actual"]) for row in validation.differences] == [
        ("speed", 1000, None),
        ("vlans", [1, 2], [2]),
    ]
    assert process.steps.get(status="failed").error["details"] == drift.details
    assert not flags(node)[1]


def test_completed_validation_says_that_all_agrees(operator: User, run_ready: RunReady) -> None:
    node = make.node().subscription_id
    validated(operator, run_ready, node, Drift([Difference("speed", 1, 2)]))

    process = validated(operator, run_ready, node)

    row = Validation.objects.get()
    assert (row.process_id, row.has_drift, row.differences) == (process.pk, False, [])


@pytest.mark.parametrize("failure", [ConnectionError("down"), Unavailable("down"), ValueError("no"), Abort("enough")])
def test_validation_that_could_not_compare_says_nothing(
    operator: User, run_ready: RunReady, failure: Exception
) -> None:
    node = make.node().subscription_id
    validated(operator, run_ready, node, Drift([Difference("speed", 1, 2)]))
    before = Validation.objects.get()

    validated(operator, run_ready, node, failure)

    assert Validation.objects.values().get() == Validation.objects.filter(pk=before.pk).values().get()
    assert Validation.objects.get().process_id == before.process_id


def test_error_of_inconsistent_data_without_differences_is_a_drift(operator: User, run_ready: RunReady) -> None:
    node = make.node().subscription_id

    validated(operator, run_ready, node, InconsistentDataError("The device is gone.", {"device": 7}))

    (row,) = Validation.objects.get().differences
    assert (row["fact"], row["expected"], row["actual"]) == ("data (Inconsistent)", "consistent", None)


def test_aborting_step_ends_an_order_and_what_it_had_made(operator: User, run_ready: RunReady) -> None:
    definitions.failures[:] = [Abort("The customer has left.")]
    process = start_create(operator)

    run_ready()

    process.refresh_from_db()
    assert (process.status, process.failed_reason) == ("aborted", "The customer has left.")
    assert process.ended_at is not None
    assert not ResourceLock.objects.exists()
    assert process.steps.order_by("-id").values_list("status", flat=True)[0] == "abort"
    assert Subscription.objects.get().status == "provisioning", "only what is initial still is terminated with it"
