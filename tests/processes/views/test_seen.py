"""What a page has seen, as text and back."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import User

from processes.engine.values.status import ProcessStatus
from processes.models import Process
from processes.queries import revision
from processes.views.seen import Seen
from tests.factories import processes as rows

SEEN = Seen("a1", "b2", "c3", "0", "e5", "f6", "07", "18", last_row=9_000_000_000, stand=1_000)


def test_etag_is_read_as_it_was_written() -> None:
    assert SEEN.etag == '"a1.b2.c3.0.e5.f6.07.18.9000000000.1000"'
    assert Seen.parse(SEEN.etag) == Seen.parse(f" W/{SEEN.etag}") == SEEN


@pytest.mark.parametrize(
    "text", ["", "*", '""', '"a1"', '"a.b.c.d.e.f.0.1.2.x"', '"a.b.c.d.e.f.0.1.-2.3"', SEEN.etag[1:], f"{SEEN.etag}, *"]
)
def test_other_texts_are_none_of_ours(text: str) -> None:
    assert Seen.parse(text) is None


@pytest.mark.django_db
def test_each_part_differs_with_what_it_shows(operator: User, viewer: User) -> None:
    process = rows.process(ProcessStatus.RUNNING)

    def parts(user: User, **columns: object) -> set[str]:
        before = Seen.of(revision(process.pk), operator)
        Process.objects.filter(pk=process.pk).update(**columns or {"fence": 7})
        after = Seen.of(revision(process.pk), user)
        return {part for part in Seen.PARTS if getattr(after, part) != getattr(before, part)}

    assert parts(operator, position_path="confirm", sequence=1) == set()
    assert parts(operator, last_step="Create") == {"facts"}
    assert parts(operator, note="x") == {"facts", "dialogs"}
    assert parts(operator, status=ProcessStatus.FAILED, run_state="waiting") == {"facts", "notice", "verbs"}
    assert parts(viewer) == {"verbs", "dialogs"}
    assert (
        replace(Seen.of(revision(process.pk), viewer), last_row=1).whole
        != Seen.of(revision(process.pk), operator).whole
    )
