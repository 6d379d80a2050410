"""The beginning of the audit trail goes when it is old, and the rest is a chain yet."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from processes.access import audit, evidence
from processes.access.anchors import Anchor
from processes.actions.retention import remove_due
from processes.models import AuditEvent, AuditHead

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def limits(settings: Settings) -> None:
    settings.RETENTION_DAYS = {"audit": 30}


def acts(number: int) -> list[AuditEvent]:
    return [audit.record("note", by="ada", subject=str(one)) for one in range(number)]


def age(events: list[AuditEvent]) -> None:
    """Make them old, with the chain computed anew, as if they had been recorded then."""
    before = ""
    for event in AuditEvent.objects.order_by("pk"):
        if event.pk in {one.pk for one in events}:
            event.at = timezone.now() - timedelta(days=40)
        event.previous_hash = before
        event.hash = before = audit.digest(event)
        event.save()
    AuditHead.objects.update(hash=before)


def test_trail_begins_where_it_says() -> None:
    events = acts(5)
    age(events[:3])

    (done,) = remove_due(["audit"], by="ada")

    assert (done.removed, done.kept) == (3, 0)
    kept = list(AuditEvent.objects.order_by("pk").values_list("action", flat=True))
    assert kept == ["note", "note", "audit.cut", "retention"]
    assert audit.cut()[0] == events[2].pk
    assert list(audit.verify()) == []


def test_anchors_of_what_was_removed_contradict_nothing() -> None:
    events = acts(3)
    age(events[:2])
    told = [Anchor(*one) for one in AuditEvent.objects.values_list("pk", "hash")]
    list(remove_due(["audit"], by="ada"))

    assert list(evidence.faults(told)) == []


def test_rows_that_go_otherwise_show() -> None:
    events = acts(4)
    age(events[:2])
    list(remove_due(["audit"], by="ada"))

    AuditEvent.objects.filter(pk=events[2].pk).delete()

    assert list(audit.verify()) == [events[3].pk]


def test_trail_that_is_old_as_a_whole_ends_in_what_says_so() -> None:
    events = acts(3)
    age(events)

    (done,) = remove_due(["audit"], by="ada")

    assert done.removed == 3
    assert list(AuditEvent.objects.values_list("action", flat=True)) == ["audit.cut", "audit.cut", "retention"]
    assert list(audit.verify()) == []
