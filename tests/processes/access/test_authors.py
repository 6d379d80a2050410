"""What authors say of their workflows: who may start, answer and retry; with it what else a start minds of them."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from processes import actions, store
from processes.access.permissions import Action, Denied, decide
from processes.engine import StartRefused
from processes.execution import drive
from processes.models import Process, ResourceLock
from processes.plugins import registry
from processes.queries.invariants import violations
from tests.conftest import person
from tests.processes import option_workflows
from tests.processes.threads import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("options")]
Run = Callable[[], None]
VLAN = {"port": "ams-1 1/1", "vlan": 7}


@pytest.fixture
def options(settings: Settings, transactional_db: None) -> Iterator[None]:
    settings.WORKFLOW_MODULES = ["tests.processes.option_workflows"]
    registry.reload()
    option_workflows.failures.clear()
    yield
    assert [str(one) for one in violations()] == []
    registry.reload()


@pytest.fixture
def run_ready(options: None) -> Run:
    def run() -> None:
        while (claim := store.claim("worker-1")) is not None:
            drive.run_claimed(claim)

    return run


def test_key_is_held_from_start_to_end_over_an_input(operator: User, run_ready: Run) -> None:
    holder = actions.start("use_vlan", [VLAN], by=operator)
    run_ready()

    with pytest.raises(actions.LockHeld) as held:
        actions.start("use_vlan", [VLAN], by=operator)
    assert (held.value.holder, held.value.reason) == (
        holder,
        f"VLAN 7 on ams-1 1/1 is locked by use_vlan ({holder.pk}), which is suspended.",
    )
    other = actions.start("use_vlan", [{**VLAN, "vlan": 8}], by=operator)

    actions.answer(holder.pk, [{}], by=operator)
    run_ready()
    assert list(ResourceLock.objects.values_list("process", flat=True)) == [other.pk]
    actions.start("use_vlan", [VLAN], by=operator)


def test_failure_lets_a_key_go_and_a_retry_takes_it_again(operator: User, run_ready: Run) -> None:
    option_workflows.failures.append(RuntimeError("no"))
    first = actions.start("use_vlan", [VLAN], by=operator)
    run_ready()
    second = actions.start("use_vlan", [VLAN], by=operator)

    with pytest.raises(actions.LockHeld, match=f"VLAN 7 on ams-1 1/1 is locked by use_vlan .{second.pk}"):
        actions.retry(first.pk, by=operator)
    actions.abort(second.pk, by=operator)
    actions.retry(first.pk, by=operator)

    assert ResourceLock.objects.get().process == first


def test_of_two_orders_of_one_vlan_one_is_409_with_the_holder(operator: User, api: Callable[..., APIClient]) -> None:
    clients = [api(operator), api(operator)]

    answers: list[Any] = together([partial(one.post, "/api/processes/use_vlan", [VLAN]) for one in clients])

    statuses = {one.status_code: one.json() for one in answers}
    assert sorted(statuses) == [201, 409]
    assert statuses[409]["blockers"][0]["id"] == statuses[201]["id"]
    assert statuses[409]["detail"].startswith("VLAN 7 on ams-1 1/1 is locked by use_vlan")


def test_form_shows_the_holder_with_its_page(operator: User, client: Client) -> None:
    holder = actions.start("use_vlan", [VLAN], by=operator)
    client.force_login(operator)

    shown = client.get("/workflows/use_vlan/start/", follow=True)
    page = shown.redirect_chain[-1][0]
    checked = client.post(page, {"port": VLAN["port"], "vlan": "7"}, follow=True)
    refused = client.post(checked.redirect_chain[-1][0], follow=True)

    assert refused.status_code == 409
    assert "VLAN 7 on ams-1 1/1 is locked by use_vlan" in refused.content.decode()
    assert f'href="/processes/{holder.pk}/"' in refused.content.decode()


@pytest.mark.parametrize(
    ("vlan", "told"),
    [(13, "The answers do not tell what to lock: KeyError: 'thirteen'"), (0, "A key to lock is a text, not ''.")],
)
def test_key_that_cannot_be_told_refuses_the_start_in_words(operator: User, vlan: int, told: str) -> None:
    with pytest.raises(StartRefused) as refused:
        actions.start("use_vlan", [{**VLAN, "vlan": vlan}], by=operator)

    assert refused.value.reason == told
    assert not Process.objects.exists()


def test_author_says_who_may_start(operator: User) -> None:
    ada = person("ada", "operator")

    with pytest.raises(Denied, match=r"ada may not start ask_first\."):
        actions.start("ask_first", [{}], by=ada)
    with pytest.raises(Denied, match=r"The workflow ask_nobody does not let you start it\."):
        actions.start("ask_nobody", [{}], by=operator)
    assert not Process.objects.exists()
    assert actions.start("ask_first", [{}], by=operator).status == "created"


def test_rights_are_asked_besides(viewer: User) -> None:
    viewer.username = "operator"

    with pytest.raises(Denied, match="This requires the role operator"):
        actions.start("ask_first", [{}], by=viewer)


def test_last_step_that_says_so_rules_answers_and_retries(operator: User, run_ready: Run) -> None:
    noc = person("nora", "operator", "noc")
    process = actions.start("ask_first", [{}], by=operator)
    run_ready()
    process.refresh_from_db()
    assert decide(noc, Action.RESUME, process).reason == "nora may not resume ask_first."
    assert decide(noc, Action.RETRY, process).allowed

    actions.answer(process.pk, [{}], by=operator)
    run_ready()
    with pytest.raises(Denied, match="This requires the role noc"):
        actions.answer(process.pk, [{}], by=operator)
    option_workflows.failures.append(RuntimeError("no"))
    actions.answer(process.pk, [{}], by=noc)
    run_ready()

    process.refresh_from_db()
    assert process.status == "failed"
    assert decide(operator, Action.RETRY, process).reason == "This requires the role noc."
    assert decide(person("root", "admin"), Action.RETRY, process).allowed
    assert decide(operator, Action.ABORT, process).allowed


def test_refusal_of_the_author_is_403_in_words(api: Callable[..., APIClient]) -> None:
    answer = api(person("ada", "operator")).post("/api/processes/ask_first", [{}])

    assert (answer.status_code, answer.json()["detail"]) == (403, "ada may not start ask_first.")


def test_orders_go_before_tasks_that_have_waited_longer(operator: User) -> None:
    tasks = [actions.start("validate_one", [{}], by=operator) for _ in range(5)]
    orders = [actions.start("order_one", [{}], by=operator) for _ in range(2)]
    urgent = actions.start("urgent_one", [{}], by=operator)

    claimed = [store.claim("worker-1") for _ in range(8)]

    assert [one.process_id for one in claimed if one] == [one.pk for one in [urgent, *orders, *tasks]]
    for one in Process.objects.all():
        actions.abort(one.pk, by=operator)


def test_task_that_has_failed_does_not_keep_the_next_from_running(operator: User, run_ready: Run) -> None:
    for name in ("alone", "quite_alone"):
        option_workflows.failures.append(RuntimeError("no"))
        actions.start(name, [{}], by=operator)
        run_ready()

    actions.start("alone", [{}], by=operator)
    with pytest.raises(actions.PredicateRefused, match="alone is already running"):
        actions.start("alone", [{}], by=operator)
    with pytest.raises(actions.PredicateRefused, match="quite_alone is already running"):
        actions.start("quite_alone", [{}], by=operator)
