"""What steps changed of a subscription, on the page of their process."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from processes import actions
from processes.models import Process
from processes.plugins.panels import FieldChange, StepPatch
from subscriptions.display import panels
from subscriptions.models import Subscription
from tests.factories import subscriptions as make
from tests.subscriptions.conftest import RunReady, counted
from tests.subscriptions.workflows import definitions

pytestmark = pytest.mark.usefixtures("offered")


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


def test_page_of_a_process_asks_the_same_for_any_number_of_steps(
    person: Client, operator: User, run_ready: RunReady
) -> None:
    short = order(operator)
    run_ready()
    pages = [{"subscription_id": str(Subscription.objects.get().pk)}]
    long = actions.start("rename_node", pages, by=operator)
    run_ready()
    for process in (short, long):
        person.get(f"/processes/{process.pk}/")
    counts: list[int] = []
    Process.objects.get(pk=short.pk).steps.exclude(path="construct-node").delete()

    for process in (short, long):
        with counted(counts):
            person.get(f"/processes/{process.pk}/")

    assert len(told(long)) == 3
    assert counts[0] == counts[1]
