"""What steps changed, on the page of their process; the history; and the page that compares two versions."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from processes import actions
from processes.models import Process
from processes.plugins.panels import FieldChange, StepPatch
from subscriptions.display import panels
from subscriptions.display.changes import names_in, readable
from subscriptions.models import Subscription
from subscriptions.queries.history import UnknownVersion, compare, history
from tests.factories import subscriptions as make
from tests.subscriptions.conftest import RunReady
from tests.subscriptions.workflows import definitions

pytestmark = pytest.mark.usefixtures("offered")


@pytest.fixture
def person(client: Client, operator: User) -> Client:
    client.force_login(operator)
    return client


def order(operator: User, name: str = "ams-1") -> Process:
    pages = [{"product": str(make.product("node").pk)}, {"customer_id": str(make.customer().pk), "node_name": name}]
    return actions.start("create_node", pages, by=operator)


def told(process: Process) -> dict[str, list[tuple[str, str, list[FieldChange]]]]:
    """What each step changed, by its path: label, version and fields."""
    rows = process.steps.order_by("id")
    patches = [StepPatch(row.pk, row.path, row.patch) for row in rows if row.patch]
    found = panels.changes(process.pk, patches)
    return {
        row.path: [(one.label, one.note, list(one.fields)) for one in found[row.pk]] for row in rows if row.pk in found
    }


def test_each_step_tells_what_it_changed(operator: User, run_ready: RunReady) -> None:
    process = order(operator)

    run_ready()

    found = told(process)
    assert found["construct-node"] == [
        (
            "node ams-1",
            "Version 2",
            [
                FieldChange("description", "changed", "node", "node ams-1"),
                FieldChange("status", "changed", "initial", "provisioning"),
                FieldChange("node.node_name", "added", None, "ams-1"),
                FieldChange("node.title", "changed", "node ? status planned", "node ams-1 status planned"),
            ],
        )
    ]
    assert found["maybe-fail"] == [("node ams-1", "Version 3", [FieldChange("node.ims_id", "added", None, "12")])]
    ((_, version, (status, start)),) = found["final-status"]
    assert (version, status) == ("Version 4", FieldChange("status", "changed", "provisioning", "active"))
    assert (start.path, start.kind, bool(re.fullmatch(r"\d+ \w{3} \d{4} [\d:]{8}", str(start.after)))) == (
        "start_date",
        "added",
        True,
    )


def test_only_what_a_step_itself_changed_is_told(operator: User, run_ready: RunReady) -> None:
    node = make.node()
    reference = {"subscription_id": str(node.subscription_id), "version": 2}
    process = order(operator, "ams-2")
    run_ready()
    patches = [
        StepPatch(1, "construct-node", {"other": reference, "more": [{"deep": reference}]}),
        StepPatch(2, "elsewhere", {"subscription": _reference(process)}),
        StepPatch(3, "construct-node", {"subscription": {"subscription_id": "no-id", "version": 2}}),
        StepPatch(4, "construct-node", {"subscription": {**reference, "version": 10**30}}),
        StepPatch(5, "construct-node", {"subscription": {**reference, "subscription_id": str(uuid4())}}),
        StepPatch(6, "construct-node", {"subscription": {**reference, "more": 1}}),
    ]

    assert panels.changes(process.pk, patches) == {}
    assert panels.changes(process.pk, []) == {}


def _reference(process: Process) -> Any:
    patch: Any = process.steps.get(path="construct-node").patch
    return patch["subscription"]


def test_page_of_a_process_shows_the_difference_and_keeps_the_raw_value(
    person: Client, operator: User, run_ready: RunReady
) -> None:
    process = order(operator)
    run_ready()
    subscription = Subscription.objects.get()

    html = person.get(f"/processes/{process.pk}/").content.decode()

    assert "Changed 1 field of node ams-1" in html
    assert "<code>node.ims_id</code>" in html
    assert f'<a href="/subscriptions/{subscription.pk}/compare/?from=2&amp;to=3">' in html
    assert "Changed 1 value of the state: subscription" in " ".join(html.split())


def test_a_failed_try_shows_no_change(operator: User, run_ready: RunReady) -> None:
    definitions.failures.append(ValueError("no luck"))
    process = order(operator)
    run_ready()
    assert set(told(process)) == {"construct-node"}

    actions.retry(process.pk, by=operator)
    run_ready()

    assert set(told(process)) == {"construct-node", "maybe-fail", "final-status"}


@contextmanager
def counted(queries: list[int]) -> Iterator[None]:
    with CaptureQueriesContext(connection) as captured:
        yield
    queries.append(len(captured))


def test_page_of_a_process_asks_the_same_for_any_number_of_steps(
    person: Client, operator: User, run_ready: RunReady
) -> None:
    short = order(operator)
    run_ready()
    pages = [{"subscription_id": str(Subscription.objects.get().pk)}]
    long = actions.start("rename_node", pages, by=operator)
    run_ready()
    person.get(f"/processes/{short.pk}/")
    counts: list[int] = []
    Process.objects.get(pk=short.pk).steps.exclude(path="construct-node").delete()

    for process in (short, long):
        with counted(counts):
            person.get(f"/processes/{process.pk}/")

    assert len(told(long)) == 3
    assert counts[0] == counts[1]


def test_references_to_others_are_named_and_linked() -> None:
    one, two = make.node("ams-1"), make.node("ams-2")
    port = make.port(one)
    port.port.node = two.node
    port = make.changed(port)

    changes = compare(port.subscription_id, port.version - 1, port.version)

    shown = readable(changes, names_in(changes))
    assert [change.path for change in shown] == ["port.node", "port.title"]
    assert (shown[0].before, shown[0].after) == (
        f'<a href="/subscriptions/{one.subscription_id}/">node ams-1</a>',
        f'<a href="/subscriptions/{two.subscription_id}/">node ams-2</a>',
    )


def test_changes_stand_in_the_order_of_the_model() -> None:
    node = make.node()
    node.node.tags, node.node.node_status, node.node.node_name = ["x", "y"], "active", "ams-9"
    node.note, node.description = "later", "another"
    node = make.changed(node)

    (row, *_) = history(node.subscription_id)

    assert [change.path for change in row.changes] == [
        "description", "note", "node.node_name", "node.node_status", "node.tags[0]", "node.tags[1]", "node.title",
    ]  # fmt: skip


def test_a_product_without_blocks_has_a_history_too() -> None:
    make.catalogue(f"{make.CATALOGUE}  - {{name: contract, description: Paper, product_type: Contract, tag: C}}\n")
    contract = make.minted("contract")
    contract.note = "signed"
    contract = make.changed(contract)

    (row, first) = history(contract.subscription_id)

    assert [(change.path, change.after) for change in row.changes] == [("note", "signed")]
    assert first.changes == ()


def test_blocks_that_come_and_go_are_told() -> None:
    node = make.node()
    circuit = make.circuit(make.port(node, "1"), make.port(node, "2"))
    circuit.circuit.append_block("extra")
    circuit = make.changed(circuit)
    circuit.circuit.extra = None
    circuit = make.changed(circuit)

    gone, came = history(circuit.subscription_id)[:2]

    assert [(one.path, one.before, one.after) for one in came.changes] == [("circuit.extra", None, "Extra")]
    assert [(one.path, one.before, one.after) for one in gone.changes] == [("circuit.extra", "Extra", None)]


@pytest.mark.parametrize("versions", [1, 3, 30])
def test_history_takes_one_query(versions: int, django_assert_num_queries: Any) -> None:
    node = make.node()
    for number in range(versions):
        node.node.ims_id = number + 100
        node = make.changed(node)

    with django_assert_num_queries(1):
        rows = history(node.subscription_id)

    assert rows[0].changes[0].after == versions + 99


def test_history_links_to_the_comparison(person: Client) -> None:
    node = make.node()

    html = person.get(f"/subscriptions/{node.subscription_id}/").content.decode()

    assert f'href="/subscriptions/{node.subscription_id}/compare/?from=2&amp;to=3"' in html
    assert "?from=0" not in html


def comparison(client: Client, subscription_id: object, query: str = "") -> Any:
    return client.get(f"/subscriptions/{subscription_id}/compare/{query}")


def test_any_two_versions_are_compared_both_ways(person: Client) -> None:
    node = make.node()
    node.node.ims_id = 7
    node = make.changed(node)

    answer = comparison(person, node.subscription_id, "?from=3&to=4")
    back = comparison(person, node.subscription_id, "?from=4&to=3")

    assert answer.context["changes"] == (FieldChange("node.ims_id", "changed", "1", "7"),)
    assert back.context["changes"] == (FieldChange("node.ims_id", "changed", "7", "1"),)
    assert answer.context["swap_url"] == f"/subscriptions/{node.subscription_id}/compare/?from=4&to=3"
    html = answer.content.decode()
    assert f'href="/subscriptions/{node.subscription_id}/#history"' in html
    assert re.findall(r'<option value="(\d)" selected>', html) == ["3", "4"]


@pytest.mark.parametrize("query", ["", "?from=&to="])
def test_the_last_change_is_shown_at_first(person: Client, query: str) -> None:
    node = make.node()

    answer = comparison(person, node.subscription_id, query)

    assert (answer.context["before"], answer.context["after"]) == (2, 3)


def test_a_new_subscription_has_nothing_to_compare(person: Client) -> None:
    node = make.minted("node")

    assert "These versions are identical." in comparison(person, node.subscription_id).content.decode()


@pytest.mark.parametrize("number", ["99", "-1", "x", "0", "%00", "٣", "9999999999999999999"])
def test_a_version_that_is_not_there_is_named(person: Client, number: str) -> None:
    node = make.node()

    answer = comparison(person, node.subscription_id, f"?from={number}&to=1")

    assert answer.status_code == 200
    assert "Select a valid choice." in answer.content.decode()
    assert "changes" not in answer.context


def test_old_versions_can_be_named(person: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subscriptions.display.history.MOST_CHOICES", 1)
    node = make.node()

    answer = comparison(person, node.subscription_id, "?from=1&to=3")

    assert (answer.context["before"], answer.context["after"]) == (1, 3)


def test_comparison_is_for_those_who_may_read(client: Client, stranger: User, person: Client) -> None:
    node = make.node()
    assert comparison(person, uuid4()).status_code == 404

    client.force_login(stranger)

    assert comparison(client, node.subscription_id).status_code == 403
    with pytest.raises(UnknownVersion):
        compare(node.subscription_id, 1, 99)


def test_comparison_asks_the_same_for_any_number_of_versions(person: Client) -> None:
    node = make.node()
    counts: list[int] = []
    comparison(person, node.subscription_id)

    for _ in range(2):
        with counted(counts):
            comparison(person, node.subscription_id, "?from=1&to=3")
        for number in range(3):
            node.node.ims_id = number + 10
            node = make.changed(node)

    assert counts[0] == counts[1]
