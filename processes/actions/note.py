"""Set the note of a process."""

from uuid import UUID

from django.contrib.auth.models import AbstractUser
from django.db import transaction

from processes.access import audit, permissions
from processes.access.permissions import Action
from processes.engine.values.text import clean_text
from processes.models import Process


@transaction.atomic
def note(process_id: UUID, text: str, *, by: AbstractUser) -> Process:
    """Replace the note (5 000 characters at most; blanks alone clear it).

    Raises Process.DoesNotExist, Denied, ValueError when it is too long.
    """
    process = Process.objects.get(pk=process_id)
    permissions.check(by, Action.NOTE, process)
    if len(text) > 5000:
        raise ValueError(f"A note can have at most 5000 characters; this one has {len(text)}.")
    before = process.note
    process.note = clean_text(text).strip() or None
    process.save(update_fields=["note"])
    changes = {"note": {"from": before, "to": process.note}}
    audit.record("note", by=by.get_username(), kind="process", subject=process_id, detail={"changes": changes})
    return process
