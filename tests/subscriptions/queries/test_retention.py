"""Old versions of subscriptions go; what is told of the others stays right."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import Settings

from processes.actions.retention import remove_due
from processes.engine.values.status import ProcessStatus
from processes.models import Process
from subscriptions.models import SubscriptionVersion, Validation
from subscriptions.queries.history import history
from subscriptions.queries.retention import processes_named
from tests.factories import subscriptions as make
from tests.factories.processes import process

pytestmark = pytest.mark.usefixtures("offered")


def numbers() -> list[int]:
    return list(SubscriptionVersion.objects.order_by("number").values_list("number", flat=True))


def test_versions_go_but_the_first_and_those_that_tell_what_is(settings: Settings) -> None:
    settings.RETENTION_DAYS = {"versions": 30}
    node = make.node()
    for name in ("a", "b", "c"):
        node.node.node_name = name
        node = make.changed(node)
    latest = numbers()[-1]
    SubscriptionVersion.objects.filter(number=latest).update(at=timezone.now())
    SubscriptionVersion.objects.filter(number__lt=latest).update(at=timezone.now() - timedelta(days=40))
    told = history(node.subscription_id)[0]

    (done,) = remove_due(["versions"], by="ada")

    assert numbers() == [1, latest - 1, latest]
    assert done.removed == latest - 3
    assert history(node.subscription_id)[0] == told
    assert [row.before for row in history(node.subscription_id)] == [latest - 1, 1, 0]


def test_processes_that_history_names_stay(settings: Settings) -> None:
    settings.RETENTION_DAYS = {"processes": 30}
    named, validated, free = (
        process(ProcessStatus.COMPLETED, ended_at=timezone.now() - timedelta(days=40)) for _ in range(3)
    )
    node = make.node()
    SubscriptionVersion.objects.filter(number=1).update(process_id=named.pk)
    Validation.objects.create(
        subscription_id=node.subscription_id, workflow_name="v", process_id=validated.pk, at=timezone.now()
    )
    assert processes_named([named.pk, validated.pk, free.pk, uuid4()]) == {named.pk, validated.pk}

    (done,) = remove_due(["processes"], by="ada")

    assert (done.removed, done.kept) == (1, 2)
    assert set(Process.objects.values_list("pk", flat=True)) == {named.pk, validated.pk}
