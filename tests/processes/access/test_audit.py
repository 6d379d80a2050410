"""The audit trail: what is kept, and that nothing can be changed or lost without a trace."""

import pytest
from django.db import transaction

from processes.access import audit
from processes.models import AuditEvent
from tests.processes.threads import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_act_is_kept_with_who_what_and_when() -> None:
    event = audit.record("start", by="ada", kind="process", subject=7, detail={"workflow": "paint"})

    kept = AuditEvent.objects.get()
    assert (kept.actor, kept.action, kept.subject_kind, kept.subject_id) == ("ada", "start", "process", "7")
    assert (kept.detail, kept.at, kept.hash) == ({"workflow": "paint"}, event.at, audit.digest(kept))


def test_each_row_carries_the_hash_of_the_one_before() -> None:
    events = [audit.record("start", by="ada", detail={"number": number}) for number in range(3)]

    assert [one.previous_hash for one in events] == ["", events[0].hash, events[1].hash]
    assert list(audit.verify()) == []


def test_act_is_forgotten_with_its_transaction() -> None:
    with transaction.atomic():
        audit.record("start", by="ada")
        transaction.set_rollback(True)

    assert not AuditEvent.objects.exists()


def test_texts_of_people_are_made_fit_to_be_kept() -> None:
    audit.record(
        "sign_in_failed\0",
        by="a\0" + "b" * 300,
        kind="k" * 60,
        subject="s" * 200,
        detail={"n\0": ["\ud800", ("x",), 1]},
    )

    kept = AuditEvent.objects.get()
    assert kept.actor == "a\N{REPLACEMENT CHARACTER}" + "b" * 253
    assert (kept.subject_kind, kept.subject_id) == ("k" * 50, "s" * 100)
    assert kept.detail == {"n\N{REPLACEMENT CHARACTER}": ["?", ["x"], 1]}
    assert list(audit.verify()) == []


@pytest.mark.parametrize(
    "change", [{"actor": "eve"}, {"detail": {"number": 9}}, {"hash": "0" * 64}, {"previous_hash": ""}], ids=str
)
def test_changed_row_is_found(change: dict[str, object]) -> None:
    events = [audit.record("start", by="ada", detail={"number": number}) for number in range(3)]

    AuditEvent.objects.filter(pk=events[1].pk).update(**change)

    assert events[1].pk in list(audit.verify())


def test_row_that_was_taken_out_is_found() -> None:
    events = [audit.record("start", by="ada", detail={"number": number}) for number in range(3)]

    AuditEvent.objects.filter(pk=events[1].pk).delete()

    assert list(audit.verify()) == [events[2].pk]


def test_first_row_that_was_taken_out_is_found() -> None:
    events = [audit.record("start", by="ada", detail={"number": number}) for number in range(2)]

    AuditEvent.objects.filter(pk=events[0].pk).delete()

    assert list(audit.verify()) == [events[1].pk]


def test_writers_at_the_same_time_make_one_chain() -> None:
    def write() -> int:
        for number in range(10):
            audit.record("start", by="ada", detail={"number": number})
        return 10

    assert together([write, write, write]) == [10, 10, 10]

    assert list(audit.verify()) == []
    assert AuditEvent.objects.values("previous_hash").distinct().count() == 30
