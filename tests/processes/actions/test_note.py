"""The note of a process."""

import pytest
from django.contrib.auth.models import User

from processes import actions
from processes.models import (
    Process,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("text", "kept"), [("  seen ", "seen"), (" ", None), ("a\0b", "a\N{REPLACEMENT CHARACTER}b")])
def test_note(operator: User, registered: None, text: str, kept: str | None) -> None:
    process = actions.start("count_to_two", [], by=operator)

    actions.note(process.pk, text, by=operator)

    assert Process.objects.get().note == kept


def test_note_that_is_too_long_is_refused(operator: User, registered: None) -> None:
    process = actions.start("count_to_two", [], by=operator)

    with pytest.raises(ValueError, match="at most 5000 characters; this one has 5001"):
        actions.note(process.pk, "x" * 5001, by=operator)
