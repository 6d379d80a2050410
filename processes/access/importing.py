"""Grants from files: all that one file says, no more and no less, so that rights can live in version control.

A file is known by its name: an import makes the grants of that source equal to the file, and leaves all others alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import transaction

from processes.access import audit, grant_files
from processes.access.grant_files import GrantFileInvalid, GrantText, Read
from processes.models import AccessGrant

FIELDS = ("effect", "group", "person", "actions", "condition", "enabled", "note")


@dataclass(frozen=True)
class GrantReport:
    """What an import did, or would do: names of grants; `left_out` are lines that speak of nothing we have."""

    added: Sequence[str]
    changed: Sequence[str]
    removed: Sequence[str]
    left_out: Sequence[str] = ()


class _DryRun(Exception):
    """Take it all back."""


def import_grants(text: str, *, source: str, by: str, dry_run: bool = False) -> GrantReport:
    """Make the grants of this source what the file says. Raises GrantFileInvalid; nothing is changed then.

    Groups that the file names are made; people must be known.
    """
    read = grant_files.read(text, source)
    report: GrantReport | None = None
    try:
        with transaction.atomic():
            report = _imported(read, source, by)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    assert report is not None
    return report


def export_grants(grants: Iterable[AccessGrant]) -> str:
    """Grants as a file that can be imported."""
    return grant_files.written(
        GrantText(
            name=grant.name,
            effect=grant.effect,
            actions=tuple(grant.actions),
            where=grant.condition,
            group=grant.group.name if grant.group else "",
            person=grant.person.get_username() if grant.person else "",
            enabled=grant.enabled,
            note=grant.note,
        )
        for grant in grants
    )


def _imported(read: Read, source: str, by: str) -> GrantReport:
    kept = {grant.name: grant for grant in AccessGrant.objects.select_for_update(of=("self",)).filter(source=source)}
    added, changed = [], []
    for said in read.grants:
        values = _values(said)
        if said.name not in kept:
            _refuse_taken(said.name)
            grant = AccessGrant.objects.create(name=said.name, source=source, **values)
            added.append(said.name)
            _record("grant_added", grant, by, _changes({}, values))
        elif changes := _changes(_present(kept[said.name]), values):
            AccessGrant.objects.filter(pk=kept[said.name].pk).update(**values)
            changed.append(said.name)
            _record("grant_changed", kept[said.name], by, changes)
    gone = [grant for name, grant in kept.items() if name not in {said.name for said in read.grants}]
    for grant in gone:
        _record("grant_deleted", grant, by, {})
        grant.delete()
    return GrantReport(added, changed, [grant.name for grant in gone], read.left_out)


def _values(said: GrantText) -> dict[str, Any]:
    person = User.objects.filter(username=said.person).first() if said.person else None
    if said.person and person is None:
        raise GrantFileInvalid(f"{said.name}: there is no user {said.person}.")
    return {
        "effect": said.effect,
        "group": Group.objects.get_or_create(name=said.group)[0] if said.group else None,
        "person": person,
        "actions": list(said.actions),
        "condition": dict(said.where),
        "enabled": said.enabled,
        "note": said.note,
    }


def _refuse_taken(name: str) -> None:
    taken = AccessGrant.objects.filter(name=name).values_list("source", flat=True).first()
    if taken is not None:
        raise GrantFileInvalid(f"{name}: a grant of this name comes from {taken} already.")


def _present(grant: AccessGrant) -> dict[str, Any]:
    return {name: getattr(grant, name) for name in FIELDS}


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: (_told(before.get(name)), _told(value)) for name, value in after.items()}
    return {name: {"from": old, "to": new} for name, (old, new) in plain.items() if old != new}


def _told(value: Any) -> Any:
    return str(value) if isinstance(value, Group | User) else value


def _record(act: str, grant: AccessGrant, by: str, changes: Mapping[str, Any]) -> None:
    detail = {"name": grant.name, "source": grant.source, **({"changes": changes} if changes else {})}
    audit.record(act, by=by, kind="grant", subject=grant.pk, detail=detail)
