"""What is copied is what the product itself would have written, with other ids, names and moments."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db.models import Max
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.benchmarks import seed
from tests.benchmarks.internals import (
    Process,
    ProcessSubject,
    Step,
    Subscription,
    SubscriptionVersion,
    UniqueValue,
    invariants,
    load,
    processes,
    registry,
    tree,
)
from tests.database import rolled_back

pytestmark = [pytest.mark.postgres, pytest.mark.django_db, pytest.mark.usefixtures("filled")]


@pytest.fixture(scope="module")
def filled(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Two groups of subscriptions and their processes, made once for all who look at them."""
    modules = ["subscriptions.workflows.builtin", "tests.benchmarks.workflows"]
    with override_settings(WORKFLOW_MODULES=modules), django_db_blocker.unblock(), rolled_back():
        registry.reload()
        seed.fill(40, processes=8)
        yield
    registry.reload()


def test_there_are_as_many_as_asked_for_in_the_shares_of_a_group() -> None:
    seed.fill(60, processes=8)

    statuses = Counter(Subscription.objects.values_list("status", flat=True))
    outcomes = Counter(Process.objects.values_list("status", flat=True))
    assert statuses == {"active": 36, "provisioning": 9, "initial": 3, "terminated": 12}
    assert outcomes == {"completed": 6, "failed": 2}
    assert UniqueValue.objects.count() == 48


def test_filling_up_keeps_what_is_there() -> None:
    before = set(Subscription.objects.values_list("id", flat=True))

    seed.fill(60, processes=12)
    seed.fill(60, processes=12)

    after = set(Subscription.objects.values_list("id", flat=True))
    assert (len(before), before < after, len(after), Process.objects.count()) == (40, True, 60, 12)


def test_a_copy_has_the_tree_of_its_pattern() -> None:
    pattern, copy = (_tree(seed.name_of(group, place=10)) for group in (0, 1))

    assert copy == {
        **pattern,
        "access_name": "access-g0000001-10",
        "neighbour": "access-g0000001-00",
    }


def test_a_copy_has_the_history_of_its_pattern_a_minute_later() -> None:
    pattern, copy = (_history(group) for group in (0, 1))

    assert [(number, at + timedelta(minutes=1), process) for number, at, process in pattern] == copy


def test_a_change_can_be_started_on_a_copy() -> None:
    last = Subscription.objects.get(description=seed.name_of(1, place=0))
    operator = User.objects.get(username="seed")

    process = processes.start("modify_note", [{"subscription_id": str(last.pk)}, {"note": "Changed"}], by=operator)
    seed.drive()

    process.refresh_from_db()
    last.refresh_from_db()
    assert (process.status, last.note, last.description) == ("completed", "Changed", "access-g0000001-00")


def test_all_invariants_of_the_engine_hold() -> None:
    assert list(invariants.violations()) == []


def test_processes_are_about_a_subscription_of_their_group() -> None:
    labels = set(ProcessSubject.objects.values_list("label", flat=True))
    steps = Step.objects.values("process").annotate(last=Max("sequence")).values_list("last", flat=True)
    assert labels == {seed.name_of(group, place) for group in (0, 1) for place in seed.CHANGED}
    assert Counter(steps) == {3: 6, 1: 2}


def _tree(description: str) -> dict[str, object]:
    """The values of its blocks; of the neighbour its name."""
    subscription = load(Subscription.objects.get(description=description).pk)
    plain = tree.root_of(subscription).plain()["access"]
    service = {f"service.{name}": value for name, value in plain.pop("service").items()}
    neighbour = load(plain.pop("neighbour")["owner_subscription_id"]).description
    values = {**plain, **service, "neighbour": neighbour}
    return {name: value for name, value in values.items() if not name.endswith("subscription_instance_id")}


def _history(group: int) -> list[tuple[int, datetime, bool]]:
    subscription = Subscription.objects.get(description=seed.name_of(group, place=seed.CHANGED[0]))
    versions = SubscriptionVersion.objects.filter(subscription=subscription).order_by("number")
    known = set(Process.objects.values_list("id", flat=True))
    return [(one.number, one.at, one.process_id in known) for one in versions]
