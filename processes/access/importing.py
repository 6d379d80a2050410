"""Grants from files: all that one file says, no more and no less, so that rights can live in version control.

A file is known by its name: an import makes the grants of that source equal to the file, and leaves all others alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import transaction

from processes.access import audit, grant_files
from processes.access.conditions import parse
from processes.access.grant_files import GrantFileInvalid, GrantText, Read
from processes.access.rights import ROLES
from processes.access.unmatched import unmatched
from processes.models import AccessGrant

FIELDS = ("effect", "group", "person", "actions", "condition", "enabled", "note")


@dataclass(frozen=True)
class GrantReport:
    """What an import did, or would do: names of grants; `left_out` are lines that speak of nothing we have.

    `unmatched` are values of conditions that nothing has, mostly typing errors.
    """

    added: Sequence[str]
    changed: Sequence[str]
    removed: Sequence[str]
    left_out: Sequence[str] = ()
    unmatched: Sequence[str] = ()


@dataclass(frozen=True)
class _Import:
    """From where, by whom, and whether groups that nobody knows are made."""

    source: str
    by: str
    make_groups: bool


class _DryRun(Exception):
    """Take it all back."""


def import_grants(text: str, *, source: str, by: str, dry_run: bool = False, make_groups: bool = False) -> GrantReport:
    """Make the grants of this source what the file says. Raises GrantFileInvalid; nothing is changed then.

    Groups and people must be known; only where somebody asks for it, unknown groups are made. Those of roles always
    are.
    """
    read = grant_files.read(text, source)
    report: GrantReport | None = None
    try:
        with transaction.atomic():
            report = _imported(read, _Import(source, by, make_groups))
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


def _imported(read: Read, one: _Import) -> GrantReport:
    source, by = one.source, one.by
    kept = {grant.name: grant for grant in AccessGrant.objects.select_for_update(of=("self",)).filter(source=source)}
    added, changed = [], []
    for said in read.grants:
        values = _values(said, one)
        if said.name not in kept:
            _refuse_taken(said, source)
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
    return GrantReport(added, changed, [grant.name for grant in gone], read.left_out, _unmatched(read))


def _unmatched(read: Read) -> tuple[str, ...]:
    return tuple(f"line {said.line}: {told}" for said in read.grants for told in unmatched(parse(said.where)))


def _values(said: GrantText, one: _Import) -> dict[str, Any]:
    person = User.objects.filter(username=said.person).first() if said.person else None
    if said.person and person is None:
        raise GrantFileInvalid.at(one.source, said.line, f"{said.name}: there is no user {said.person}.")
    return {
        "effect": said.effect,
        "group": _group(said, one) if said.group else None,
        "person": person,
        "actions": list(said.actions),
        "condition": dict(said.where),
        "enabled": said.enabled,
        "note": said.note,
    }


def _group(said: GrantText, one: _Import) -> Group:
    if one.make_groups or said.group in ROLES:
        return Group.objects.get_or_create(name=said.group)[0]
    group = Group.objects.filter(name=said.group).first()
    if group is None:
        raise GrantFileInvalid.at(one.source, said.line, f"{said.name}: there is no group {said.group}.")
    return group


def _refuse_taken(said: GrantText, source: str) -> None:
    taken = AccessGrant.objects.filter(name=said.name).values_list("source", flat=True).first()
    if taken is not None:
        why = f"{said.name}: a grant of this name comes from {taken} already."
        raise GrantFileInvalid.at(source, said.line, why)


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
