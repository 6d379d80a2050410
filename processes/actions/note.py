"""Set the note of a process."""

from uuid import UUID

from django.contrib.auth.models import AbstractUser
from django.db import transaction

from processes.access import audit, permissions
from processes.access.permissions import Action
from processes.actions.errors import NoteChanged
from processes.engine.values.text import clean_text, plain_lines
from processes.models import Process

LONGEST_NOTE = 5000


@transaction.atomic
def note(process_id: UUID, text: str, *, by: AbstractUser, seen: str | None = None) -> Process:
    """Replace the note (5 000 characters at most, an end of a line counts as one; blanks alone clear it).

    `seen` is the note that is to be replaced, where that matters. Raises Process.DoesNotExist, Denied, NoteChanged when
    it is another one by now, ValueError when the text is too long.
    """
    process = Process.objects.select_for_update(of=("self",)).get(pk=process_id)
    permissions.check(by, Action.NOTE, process)
    lines = plain_lines(clean_text(text)).strip()
    if len(lines) > LONGEST_NOTE:
        raise ValueError(f"A note can have at most {LONGEST_NOTE} characters; this one has {len(lines)}.")
    present = process.note or ""
    if seen is not None and plain_lines(present) != seen and present != lines:
        raise NoteChanged(present)
    before, process.note = process.note, lines or None
    process.save(update_fields=["note"])
    changes = {"note": {"from": before, "to": process.note}}
    audit.record("note", by=by.get_username(), kind="process", subject=process_id, detail={"changes": changes})
    return process
