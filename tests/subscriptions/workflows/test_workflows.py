"""Two people fill in forms of one subscription: what a form showed and somebody has changed since is not reverted."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from rest_framework.test import APIClient

from processes import actions
from processes.models import Process
from subscriptions import queries, tree
from subscriptions.actions import mark_in_sync, mark_out_of_sync
from tests.factories import subscriptions as make
from tests.processes.views.conftest import forms, led_to, words
from tests.subscriptions.conftest import RunReady

pytestmark = pytest.mark.usefixtures("offered")


@pytest.fixture
def node() -> tree.Subscription:
    return make.node()


def opened(person: Client, node: tree.Subscription, workflow: str = "edit_node") -> str:
    """The page of the form, as a browser has it open."""
    address = led_to(person, f"/workflows/{workflow}/start/?subscription_id={node.subscription_id}")
    return person.get(address).content.decode()


def sent(person: Client, html: str, **typed: Any) -> Any:
    """The page sent as it stands, with what a person has typed over it."""
    (hidden,) = (one for one in forms(html).values() if "_shown" in one)
    fields = dict(re.findall(r'<input type="text" name="([^"]+)" value="([^"]*)"', html))
    areas = dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', html))
    address = hidden.pop("")
    return person.post(address, {**hidden, **fields, **areas, **typed})


def start_of(person: Client, answer: Any) -> Any:
    """What the last press leads to."""
    return person.post(answer["Location"], {})


def changed_by(user: User, node: tree.Subscription, run_ready: RunReady, **fields: Any) -> Process:
    """Somebody else changes it meanwhile."""
    now = queries.get(node.subscription_id).node
    present = {"node_name": now.node_name, "ims_id": now.ims_id, "tags": list(now.tags or [])}
    pages = [{"subscription_id": str(node.subscription_id)}, {**present, **fields}]
    process = actions.start("edit_node", pages, by=user)
    run_ready()
    return process


def values(node: tree.Subscription) -> tuple[str, int]:
    found = queries.get(node.subscription_id).node
    return found.node_name, found.ims_id


def test_a_field_left_alone_takes_the_value_that_somebody_else_gave_it(
    person: Client, admin_user: User, node: tree.Subscription, run_ready: RunReady
) -> None:
    """fault 16: the second start reverted the first."""
    html = opened(person, node)
    process = changed_by(admin_user, node, run_ready, node_name="theirs")

    refused = sent(person, html, ims_id="7")
    again = start_of(person, sent(person, refused.content.decode()))
    run_ready()

    assert refused.status_code == 409
    text = words(refused.content.decode())
    assert "Changed since you opened this form" in text
    assert "node.node_name, node.title , by admin at" in text
    assert f'href="/processes/{process.pk}/"' in refused.content.decode()
    assert "it shows the present value" in text
    assert again.status_code == 302
    assert values(node) == ("theirs", 7)


def test_a_field_that_both_filled_in_keeps_what_was_typed_beside_what_it_is(
    person: Client, admin_user: User, node: tree.Subscription, run_ready: RunReady
) -> None:
    """fault 16"""
    html = opened(person, node)
    changed_by(admin_user, node, run_ready, node_name="theirs")

    refused = sent(person, html, node_name="mine")
    start_of(person, sent(person, refused.content.decode()))
    run_ready()

    assert "it is now “theirs”. Send again to replace it." in words(refused.content.decode())
    assert 'value="mine"' in refused.content.decode()
    assert values(node) == ("mine", 1)


def test_what_the_form_did_not_show_may_change(
    person: Client, admin_user: User, node: tree.Subscription, run_ready: RunReady
) -> None:
    html = opened(person, node)
    pages = [{"subscription_id": str(node.subscription_id)}, {"note": "new"}]
    actions.start("modify_note", pages, by=admin_user)
    run_ready()
    mark_out_of_sync(node.subscription_id)
    mark_in_sync(node.subscription_id)

    answer = start_of(person, sent(person, html, ims_id="7"))
    run_ready()

    assert answer.status_code == 302
    assert (*values(node), queries.get(node.subscription_id).note) == ("ams-1", 7, "new")


def test_a_change_between_the_page_and_the_last_press_is_told_there(
    person: Client, admin_user: User, node: tree.Subscription, run_ready: RunReady
) -> None:
    check = sent(person, opened(person, node), ims_id="7")
    changed_by(admin_user, node, run_ready, node_name="theirs")

    refused = start_of(person, check)
    start_of(person, sent(person, refused.content.decode()))
    run_ready()

    assert (refused.status_code, "it shows the present value" in words(refused.content.decode())) == (409, True)
    assert values(node) == ("theirs", 7)


def test_a_form_shown_again_still_knows_what_it_showed_first(
    person: Client, admin_user: User, node: tree.Subscription, run_ready: RunReady
) -> None:
    html = opened(person, node)
    wrong = sent(person, html, ims_id="x").content.decode()
    changed_by(admin_user, node, run_ready, node_name="theirs")

    kept = sent(person, wrong, ims_id="7", _again="1").content.decode()
    refused = sent(person, kept)

    assert (refused.status_code, 'value="7"' in refused.content.decode()) == (409, True)


def test_the_same_change_by_both_is_no_conflict(
    person: Client, admin_user: User, node: tree.Subscription, run_ready: RunReady
) -> None:
    html = opened(person, node)
    changed_by(admin_user, node, run_ready, node_name="same")

    answer = sent(person, html, node_name="same")

    assert answer["Location"].endswith("/check/")


def test_a_note_is_told_once(person: Client, admin_user: User, node: tree.Subscription, run_ready: RunReady) -> None:
    html = opened(person, node, "modify_note")
    pages = [{"subscription_id": str(node.subscription_id)}, {"note": "theirs"}]
    actions.start("modify_note", pages, by=admin_user)
    run_ready()

    refused = sent(person, html, note="mine")
    start_of(person, sent(person, refused.content.decode(), note="mine"))
    run_ready()

    assert words(refused.content.decode()).count("it is now “theirs”") == 2  # in the summary, and at the field
    assert queries.get(node.subscription_id).note == "mine"


@pytest.mark.parametrize("shown", ["x", "[]", '["1", []]', '["1", {"a": 1}]', "null", "[1" * 500])
def test_a_forged_showing_breaks_nothing(person: Client, node: tree.Subscription, shown: str) -> None:
    answer = sent(person, opened(person, node), _shown=shown)

    assert (answer.status_code in {302, 409}, values(node)) == (True, ("ams-1", 1))


def test_a_client_that_names_a_version_is_refused_for_a_value_only(
    operator: User, admin_user: User, node: tree.Subscription, run_ready: RunReady
) -> None:
    read = queries.get(node.subscription_id).version
    mark_out_of_sync(node.subscription_id)
    mark_in_sync(node.subscription_id)
    api_client = APIClient()
    api_client.force_authenticate(operator)
    pages = [{"subscription_id": str(node.subscription_id), "version": read}, {"node_name": "mine"}]

    taken = api_client.post("/api/processes/edit_node", pages, format="json")
    run_ready()
    process = changed_by(admin_user, node, run_ready, node_name="theirs")
    refused = api_client.post("/api/processes/edit_node", pages, format="json")

    now = queries.get(node.subscription_id).version
    assert taken.status_code == 201
    assert (refused.status_code, refused.json()["detail"]) == (
        400,
        f"The subscription was changed meanwhile: version {read} was read, and it is at version {now}. "
        "Changed: node.node_name, node.title; by admin, operator.",
    )
    assert {"kind": "process", "id": str(process.pk), "label": "changed by admin"} in refused.json()["blockers"]
