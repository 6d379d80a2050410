"""The page of one subscription."""

import re
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from processes import actions
from processes.engine.values.status import ProcessStatus
from subscriptions import queries, tree
from subscriptions.actions import mark_out_of_sync, record_validation
from subscriptions.display.panels import subjects
from subscriptions.models import Customer, Subscription
from subscriptions.queries.history import compare, history
from tests.factories import subscriptions as make
from tests.subscriptions.conftest import RunReady, process

pytestmark = pytest.mark.usefixtures("offered")


def page(client: Client, subscription_id: object) -> str:
    answer = client.get(f"/subscriptions/{subscription_id}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_page_shows_values_and_links_both_ways(person: Client) -> None:
    node = make.node()
    port = make.port(node)

    of_node, of_port = page(person, node.subscription_id), page(person, port.subscription_id)

    assert "node ams-1 status planned" in of_node
    assert f'Used by <a href="/subscriptions/{port.subscription_id}/">port 1/1</a>' in " ".join(of_node.split())
    assert f'Belongs to <a href="/subscriptions/{node.subscription_id}/">node ams-1</a>' in of_port
    assert "10000" in of_port


def test_a_value_that_is_the_name_of_its_block_is_shown(person: Client) -> None:
    """fault 19"""
    node = make.node()
    extra = make.circuit(make.port(node, "1"), make.port(node, "2"))
    tree.fill(extra, {"circuit": {"extra": {"remark": "Extra"}}}, queries.block)
    make.changed(extra)

    text = page(person, extra.subscription_id)

    assert re.search(r"Remark\s*</dt>\s*<dd[^>]*>\s*Extra\s*</dd>", text)


@pytest.mark.parametrize("note", ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "2026-01-02T03:04:05Z"])
def test_a_note_like_a_moment_is_shown_as_typed(person: Client, note: str, settings: Settings) -> None:
    """fault 4"""
    settings.TIME_ZONE = "Pacific/Kiritimati"
    node = make.node()
    node.note = note
    make.changed(node)

    text = page(person, node.subscription_id)

    assert text.count(note) >= 2  # among the facts, and in the history


def test_page_offers_workflows_and_says_why_not(person: Client) -> None:
    node = make.node()
    port = make.port(node)

    text = page(person, node.subscription_id)

    assert f'href="/workflows/validate_node/start/?subscription_id={node.subscription_id}"' in text
    assert "workflows/terminate_node" not in text
    assert "The subscription is in use by:" in text
    assert f'<li><a href="/subscriptions/{port.subscription_id}/">port 1/1</a></li>' in text


def menu(client: Client, subscription_id: object) -> dict[str, tuple[str, list[str]]]:
    """Reason and addresses of the blockers of each workflow in the menu, by name; no reason where it can be started."""
    groups = client.get(f"/subscriptions/{subscription_id}/").context["groups"]
    return {
        item.url.split("/")[2]: (item.reason, [link.url for link in item.blockers])
        for _, items in groups
        for item in items
    }


def rest(client: Client, subscription_id: object) -> dict[str, tuple[str, list[str]]]:
    """The same as integrations are told."""
    pages = {"subscription": "subscriptions", "process": "processes"}
    return {
        one["name"]: (
            one.get("reason_text", "").partition(":")[0] if one.get("blockers") else one.get("reason_text", ""),
            [f"/{pages[blocker['kind']]}/{blocker['id']}/" for blocker in one.get("blockers", ())],
        )
        for items in client.get(f"/api/subscriptions/workflows/{subscription_id}").json().values()
        for one in items
    }


@pytest.mark.parametrize(
    "situation", ["well", "used", "out of sync", "beside one out of sync", "locked", "provisioning", "paused"]
)
@pytest.mark.parametrize("who", ["operator", "viewer"])
def test_menu_and_rest_agree(
    client: Client, request: pytest.FixtureRequest, operator: User, admin_user: User, situation: str, who: str
) -> None:
    node = make.node(status="provisioning" if situation == "provisioning" else "active")
    match situation:
        case "used":
            make.port(node)
        case "out of sync":
            mark_out_of_sync(node.subscription_id)
        case "beside one out of sync":
            mark_out_of_sync(make.port(node).subscription_id)
        case "locked":
            actions.start("validate_node", [{"subscription_id": str(node.subscription_id)}], by=operator)
        case "paused":
            actions.pause(by=admin_user)
    client.force_login(request.getfixturevalue(who))

    shown = menu(client, node.subscription_id)

    assert shown == rest(client, node.subscription_id)
    assert any(reason for reason, _ in shown.values()) == ((situation, who) != ("well", "operator"))


def test_menu_says_how_many_more_are_in_the_way(person: Client) -> None:
    node = make.node()
    for number in range(12):
        make.port(node, f"{number:02}")

    text = page(person, node.subscription_id)

    assert text.count("<li>and 2 more</li>") == 2  # terminate_subscription and terminate_node
    assert '>port 09</a> and <a href="#related">2 more</a> </p>' in " ".join(text.split())


def test_page_tells_what_happened(person: Client) -> None:
    node = make.node()
    node.node.ims_id = 7
    make.changed(node)
    row = process(node.subscription_id, ProcessStatus.COMPLETED)

    text = page(person, node.subscription_id)

    assert f'href="/processes/{row.pk}/"' in text
    assert "<code>node.ims_id</code>" in text


def etag_in(html: str) -> str:
    """What an open page asks with; empty when it does not ask."""
    asked = re.search(r'If-None-Match": "(.+?)"}', html)
    return asked[1].replace(r"\&quot;", '"') if asked else ""


def test_page_refreshes_itself_while_a_process_works(person: Client, operator: User) -> None:
    node = make.node()
    assert "every 2s" not in page(person, node.subscription_id)

    actions.start("validate_node", [{"subscription_id": str(node.subscription_id)}], by=operator)

    html = page(person, node.subscription_id)
    assert "every 2s" in html
    assert etag_in(html)


def test_refresh_is_told_nothing_when_nothing_has_changed(
    person: Client, operator: User, run_ready: RunReady, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    node = make.node()
    address = f"/subscriptions/{node.subscription_id}/"
    actions.start("validate_node", [{"subscription_id": str(node.subscription_id)}], by=operator)
    seen = etag_in(page(person, node.subscription_id))

    with django_assert_num_queries(3):
        answer = person.get(address, headers={"If-None-Match": seen})
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", seen)

    run_ready()
    answer = person.get(address, headers={"If-None-Match": seen})
    assert "every 2s" not in answer.content.decode()


@pytest.mark.parametrize("change", ["note", "in sync", "another process", "pause", "role"])
def test_refresh_is_told_what_changed(change: str, person: Client, operator: User, admin_user: User) -> None:
    node = make.node()
    actions.start("validate_node", [{"subscription_id": str(node.subscription_id)}], by=operator)
    seen = etag_in(page(person, node.subscription_id))

    match change:
        case "note":
            Subscription.objects.update(note="changed meanwhile")
        case "in sync":
            Subscription.objects.update(insync=True)
        case "another process":
            process(node.subscription_id, ProcessStatus.FAILED)
        case "pause":
            actions.pause(by=admin_user)
        case "role":
            operator.groups.clear()
            operator.groups.add(Group.objects.get(name="viewer"))

    assert etag_in(page(person, node.subscription_id)) not in {seen, ""}


def test_unknown_subscription_is_not_found(person: Client) -> None:
    answer = person.get(f"/subscriptions/{uuid4()}/")

    assert (answer.status_code, "This page does not exist." in answer.content.decode()) == (404, True)


def test_page_takes_the_same_queries_whatever_its_size(person: Client, django_assert_max_num_queries: object) -> None:
    node = make.node()
    circuit = make.circuit(make.port(node, "1"), make.port(node, "2"))
    page(person, circuit.subscription_id)

    with django_assert_max_num_queries(25):  # type: ignore[operator]
        page(person, circuit.subscription_id)


def test_admin_sets_in_sync_and_others_may_not(client: Client, admin_user: User, operator: User) -> None:
    node = make.node()
    mark_out_of_sync(node.subscription_id)
    address = f"/subscriptions/{node.subscription_id}/set-in-sync/"
    client.force_login(operator)
    assert client.post(address).status_code == 403
    assert address not in page(client, node.subscription_id)

    client.force_login(admin_user)
    assert address in page(client, node.subscription_id)
    assert client.post(address).status_code == 302

    assert Subscription.objects.get().insync


def test_admin_is_told_what_is_unfinished(client: Client, admin_user: User) -> None:
    node = make.node()
    mark_out_of_sync(node.subscription_id)
    process(node.subscription_id, ProcessStatus.FAILED)
    client.force_login(admin_user)

    answer = client.post(f"/subscriptions/{node.subscription_id}/set-in-sync/", follow=True)

    assert "cannot be set in sync while these processes are unfinished: modify_it" in answer.content.decode()


def test_history_compares_each_version_with_the_one_before() -> None:
    node = make.node()
    node.node.ims_id = 7
    node = make.changed(node)
    node.note = "look"
    node = make.changed(node)

    rows = history(node.subscription_id)

    assert [row.number for row in rows] == [4, 3, 2, 1]
    changed = [[(one.path, one.before, one.after, one.kind) for one in row.changes] for row in rows[:2]]
    assert changed == [
        [("note", None, "look", "added")],
        [("node.ims_id", 1, 7, "changed")],
    ]
    assert rows[-1].changes == ()
    assert [row.number for row in history(node.subscription_id, most=2)] == [4, 3]


def test_any_two_versions_are_compared() -> None:
    node = make.node()
    node.node.ims_id = 7
    node = make.changed(node)
    node.node.ims_id = 8
    node.note = "x"
    node = make.changed(node)
    node.note = None
    node = make.changed(node)

    assert [(one.path, one.before, one.after, one.kind) for one in compare(node.subscription_id, 4, 5)] == [
        ("note", "x", None, "removed")
    ]
    assert [one.path for one in compare(node.subscription_id, 2, 5)] == ["node.ims_id"]


def test_lists_of_processes_link_to_subscriptions() -> None:
    node = make.node()

    assert subjects("subscription", [str(node.subscription_id)]) == {
        str(node.subscription_id): {"label": "node ams-1", "url": f"/subscriptions/{node.subscription_id}/"}
    }
    assert subjects("node", ["x"]) == {}


def test_customer_is_kept_in_the_admin(client: Client, admin_user: User, modeller: User) -> None:
    admin_user.is_staff = modeller.is_staff = True
    admin_user.save()
    modeller.save()
    client.force_login(modeller)
    assert client.get("/admin/subscriptions/customer/").status_code == 200
    assert client.get("/admin/subscriptions/customer/add/").status_code == 403

    client.force_login(admin_user)
    answer = client.post("/admin/subscriptions/customer/add/", {"fullname": "New One", "shortcode": "NEW"})

    assert (answer.status_code, answer["Location"]) == (302, "/admin/subscriptions/customer/")
    known = {"fullname": "Known", "shortcode": "K", "id": "org/42"}
    assert client.post("/admin/subscriptions/customer/add/", known).status_code == 302
    made = dict(Customer.objects.values_list("shortcode", "id"))
    assert (made["K"], len(made["NEW"])) == ("org/42", 36)
    page = client.get("/admin/subscriptions/customer/org_2F42/change/")
    assert list(page.context["adminform"].readonly_fields) == ["id"]


def test_history_links_to_the_comparison(person: Client) -> None:
    node = make.node()

    html = person.get(f"/subscriptions/{node.subscription_id}/").content.decode()

    assert f'href="/subscriptions/{node.subscription_id}/compare/?from=1&amp;to=2"' in html
    assert "?from=0" not in html


def test_drift_is_shown_with_what_was_expected(person: Client) -> None:
    node = make.node()
    found: list[dict[str, object]] = [
        {"fact": "speed", "expected": 1000, "actual": None},
        {"fact": "vlans", "expected": [1, 2], "actual": [2]},
    ]
    record_validation(node.subscription_id, "validate_node", process_id=uuid4(), at=timezone.now(), differences=found)

    text = re.sub(r"\s+|<[^>]*>", " ", page(person, node.subscription_id))

    shown = " ".join(text.split())
    assert "Fact Expected Actual Since Found by speed 1000 nothing" in shown
    assert "vlans 1, 2 2" in shown
    assert "Last validated" in shown


def test_page_without_drift_says_when_it_was_validated(person: Client) -> None:
    node = make.node()
    assert "Last validated" not in page(person, node.subscription_id)

    record_validation(node.subscription_id, "validate_node", process_id=uuid4(), at=timezone.now(), differences=())

    shown = page(person, node.subscription_id)
    assert "Last validated" in shown
    assert 'id="drift"' not in shown
