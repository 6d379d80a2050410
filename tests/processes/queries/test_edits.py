"""The edits of a state since somebody looked at the process."""

import pytest
from django.contrib.auth.models import User

from processes import actions
from processes.engine.values.status import ProcessStatus
from processes.queries import edits_since
from tests.factories import processes as rows

pytestmark = pytest.mark.django_db


def test_edits_are_told_with_who_and_what(admin_user: User) -> None:
    process = rows.process(ProcessStatus.FAILED)
    before = process.stand
    actions.edit_state(process.pk, {"b": 1, "a": 2}, by=admin_user, reason="so")
    process.refresh_from_db()

    assert [(one.by, one.process_id, one.names) for one in edits_since(process, before)] == [
        ("admin", process.pk, ("a", "b"))
    ]
    assert edits_since(process, process.stand) == ()


@pytest.mark.parametrize("stand", ["", "x", "1", "1.x.2.failed"])
def test_a_stand_that_is_none_has_no_edits(stand: str) -> None:
    assert edits_since(rows.process(ProcessStatus.FAILED), stand) == ()
