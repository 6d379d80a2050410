"""The page that compares two versions of a subscription."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client

from processes.plugins.panels import FieldChange
from subscriptions.queries.history import UnknownVersion, compare
from tests.factories import subscriptions as make
from tests.subscriptions.conftest import counted

pytestmark = pytest.mark.usefixtures("offered")


def comparison(client: Client, subscription_id: object, query: str = "") -> Any:
    return client.get(f"/subscriptions/{subscription_id}/compare/{query}")


def test_any_two_versions_are_compared_both_ways(person: Client) -> None:
    node = make.node()
    node.node.ims_id = 7
    node = make.changed(node)

    answer = comparison(person, node.subscription_id, "?from=2&to=3")
    back = comparison(person, node.subscription_id, "?from=3&to=2")

    assert answer.context["changes"] == (FieldChange("node.ims_id", "changed", "1", "7"),)
    assert back.context["changes"] == (FieldChange("node.ims_id", "changed", "7", "1"),)
    assert answer.context["swap_url"] == f"/subscriptions/{node.subscription_id}/compare/?from=3&to=2"
    html = answer.content.decode()
    assert f'href="/subscriptions/{node.subscription_id}/#history"' in html
    assert re.findall(r'<option value="(\d)" selected>', html) == ["2", "3"]


@pytest.mark.parametrize("query", ["", "?from=&to="])
def test_the_last_change_is_shown_at_first(person: Client, query: str) -> None:
    node = make.node()

    answer = comparison(person, node.subscription_id, query)

    assert (answer.context["before"], answer.context["after"]) == (1, 2)


def test_a_new_subscription_has_nothing_to_compare(person: Client) -> None:
    node = make.minted("node")

    assert "These versions are identical." in comparison(person, node.subscription_id).content.decode()


@pytest.mark.parametrize("number", ["99", "-1", "x", "0", "٣", "9999999999999999999"])
def test_a_version_that_is_not_there_is_named(person: Client, number: str) -> None:
    node = make.node()

    answer = comparison(person, node.subscription_id, f"?from={number}&to=1")

    assert answer.status_code == 200
    assert "Select a valid choice." in answer.content.decode()
    assert "changes" not in answer.context


def test_old_versions_can_be_named(person: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("subscriptions.display.history.MOST_CHOICES", 1)
    node = make.node()

    answer = comparison(person, node.subscription_id, "?from=1&to=2")

    assert (answer.context["before"], answer.context["after"]) == (1, 2)


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
            comparison(person, node.subscription_id, "?from=1&to=2")
        for number in range(3):
            node.node.ims_id = number + 10
            node = make.changed(node)

    assert counts[0] == counts[1]
