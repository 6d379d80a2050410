"""Files of grants: our YAML, conditional policies of the portal (YAML), and its policies as CSV. Pure.

The portal is Red Hat Developer Hub: lines `p, role, permission, action, allow|deny` and `g, user or group, role`
(Casbin). What speaks of other parts of the portal is left out, and said so.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from processes.access.conditions import ConditionInvalid, parse
from processes.access.file_places import FilePlace, WrongText
from processes.access.rights import Action
from processes.engine.values import yaml_text

MOST_CHARACTERS = 256_000
GRANTABLE = tuple(action.value for action in Action if action is not Action.ADMINISTER)
EFFECTS = ("allow", "only", "deny")
USE = ("start", "resume", "retry", "abort")
PERMISSIONS: Mapping[tuple[str, str], tuple[tuple[str, ...], Mapping[str, Any]]] = {
    ("orchestrator.workflow", "read"): (("view",), {"own": True}),
    ("orchestrator.workflow.use", "update"): (USE, {}),
    ("orchestrator.workflowAdminView", "read"): (("watch",), {}),
    ("orchestrator.instanceAdminView", "read"): (("view",), {}),
}
"""What permissions of the portal are here; those of one workflow end in its id."""
_KEYS = {"name", "effect", "group", "person", "actions", "where", "enabled", "note"}


class GrantFileInvalid(ValueError):
    """The file is no list of grants, or names what is not there; the message says file, line, place and why."""

    @classmethod
    def at(cls, name: str, line: int, why: str) -> "GrantFileInvalid":
        return cls(f"{name}, line {line}: {why}")


@dataclass(frozen=True)
class GrantText:
    """A grant as a file says it, and in which line; groups and people by name."""

    name: str
    effect: str
    actions: tuple[str, ...]
    where: Mapping[str, Any] = field(default_factory=dict)
    group: str = ""
    person: str = ""
    enabled: bool = True
    note: str = ""
    line: int = field(default=1, compare=False)


@dataclass(frozen=True)
class Read:
    """What a file says, and what of it was left out, each with its place."""

    grants: Sequence[GrantText]
    left_out: Sequence[str] = ()


def read(text: str, name: str) -> Read:
    """Read a file by the ending of its name. Raises GrantFileInvalid."""
    if len(text) > MOST_CHARACTERS or "\0" in text:
        raise GrantFileInvalid(f"{name}: The file has more than {MOST_CHARACTERS} characters, or a NUL.")
    text = text.removeprefix("\ufeff")
    try:
        found = _read_csv(text) if name.lower().endswith(".csv") else _read_yaml(text)
        _check_names(found.grants)
    except WrongText as wrong:
        raise GrantFileInvalid.at(name, wrong.line, str(wrong)) from wrong
    return found


def _check_names(grants: Iterable[GrantText]) -> None:
    lines: dict[str, int] = {}
    for grant in grants:
        if grant.name in lines:
            raise WrongText(
                f"{grant.name}: two grants have this name; the other is in line {lines[grant.name]}.", grant.line
            )
        lines[grant.name] = grant.line


class _Dumper(yaml.SafeDumper):
    """Quotes a text that YAML 1.1 or 1.2 reads as something else."""


yaml_text.add_kinds(_Dumper)


def written(grants: Iterable[GrantText]) -> str:
    """Our YAML for these grants."""
    rows = [{key: value for key, value in _plain(grant).items() if value not in ("", {}, None)} for grant in grants]
    return yaml.dump({"grants": rows}, Dumper=_Dumper, sort_keys=False, allow_unicode=True)


def _plain(grant: GrantText) -> dict[str, Any]:
    return {
        "name": grant.name,
        "effect": grant.effect,
        "group": grant.group,
        "person": grant.person,
        "actions": list(grant.actions),
        "where": dict(grant.where),
        "enabled": None if grant.enabled else False,
        "note": grant.note,
    }


def _read_yaml(text: str) -> Read:
    try:
        documents = [one for one in yaml_text.load_all(text) if one.content is not None]
    except yaml_text.InvalidYaml as error:
        raise WrongText(str(error), error.line) from error
    places = [FilePlace(one.lines, (), f"document {number}") for number, one in enumerate(documents, 1)]
    return Read(
        [grant for one, place in zip(documents, places, strict=True) for grant in _of_document(one.content, place)]
    )


def _of_document(document: Any, place: FilePlace) -> Iterator[GrantText]:
    if isinstance(document, dict) and "roleEntityRef" in document:
        yield _conditional(document, place)
        return
    rows = document.get("grants") if isinstance(document, dict) else None
    if not isinstance(rows, list) or set(document) != {"grants"}:
        raise place.wrong("a list called grants is expected, or a conditional policy.")
    for number, row in enumerate(rows):
        yield _checked(row, FilePlace(place.lines, (), "").at("grants", number))


def _checked(row: Any, place: FilePlace) -> GrantText:
    if not isinstance(row, dict) or not set(row) <= _KEYS:
        unknown = sorted(set(row) - _KEYS) if isinstance(row, dict) else []
        raise place.wrong(f"{unknown[0]} is unknown." if unknown else "a mapping is expected.")
    texts = {key: row.get(key) or "" for key in ("name", "group", "person", "note")}
    wrong = [key for key, value in texts.items() if not isinstance(value, str) or len(value) > 150]
    if wrong or not texts["name"]:
        raise place.at((wrong or ["name"])[0]).wrong("a text of at most 150 characters is expected.")
    if texts["group"] and texts["person"]:
        raise place.wrong("a grant speaks of a group or of a person, not of both.")
    actions, where = row.get("actions"), row.get("where", {})
    if not isinstance(actions, list) or not actions or not set(map(str, actions)) <= set(GRANTABLE):
        raise place.at("actions").wrong(f"a list of these is expected: {', '.join(GRANTABLE)}.")
    if row.get("effect") not in EFFECTS:
        raise place.at("effect").wrong(f"{', '.join(EFFECTS)} are known.")
    if not isinstance(row.get("enabled", True), bool):
        raise place.at("enabled").wrong("true or false is expected.")
    _check_condition(where, place.at("where"))
    return GrantText(
        effect=row["effect"], actions=tuple(map(str, actions)), where=where, enabled=row.get("enabled", True),
        line=place.line, **texts,
    )  # fmt: skip


def _check_condition(where: Any, place: FilePlace) -> None:
    try:
        parse(where)
    except ConditionInvalid as invalid:
        raise place.wrong(str(invalid)) from invalid


def _conditional(document: Mapping[str, Any], place: FilePlace) -> GrantText:
    """A conditional policy of the portal: the role is the group of its name."""
    if document.get("pluginId") != "orchestrator" or document.get("result", "CONDITIONAL") != "CONDITIONAL":
        raise place.wrong("only conditional policies of the plugin orchestrator are known.")
    role, mapping = _name_of(str(document["roleEntityRef"])), document.get("permissionMapping")
    actions = tuple(
        action
        for verb, several in (("read", ("view",)), ("update", USE))
        if isinstance(mapping, list) and verb in mapping
        for action in several
    )
    if not actions:
        raise place.at("permissionMapping").wrong("read or update is expected.")
    where = _converted(document.get("conditions"), place.at("conditions"), 8)
    _check_condition(where, place.at("conditions"))
    name = f"{role} {' '.join(map(str, mapping or ()))} conditionally"
    return GrantText(name, "allow", actions, where, group=role, line=place.line)


def _converted(condition: Any, place: FilePlace, depth: int) -> dict[str, Any]:
    if not isinstance(condition, dict) or depth == 0:
        raise place.wrong("a condition is expected.")
    for theirs, ours in (("allOf", "all"), ("anyOf", "any")):
        if isinstance(condition.get(theirs), list):
            parts = enumerate(condition[theirs])
            return {ours: [_converted(part, place.at(theirs, number), depth - 1) for number, part in parts]}
    if "not" in condition:
        return {"not": _converted(condition["not"], place.at("not"), depth - 1)}
    parameters = condition.get("params")
    if condition.get("rule") != "IS_ALLOWED_WORKFLOW_ID" or not isinstance(parameters, dict):
        raise place.at("rule").wrong("IS_ALLOWED_WORKFLOW_ID with params is expected.")
    return {"workflow": parameters.get("workflowIds")}


def _read_csv(text: str) -> Read:
    lines = [
        (number, [cell.strip() for cell in row])
        for number, row in enumerate(csv.reader(io.StringIO(text)), 1)
        if any(cell.strip() for cell in row) and not row[0].lstrip().startswith("#")
    ]
    holders: dict[str, list[tuple[str, str]]] = {}
    for number, row in lines:
        if row[0] == "g":
            member, role = _cells(row, 3, number)[1:3]
            holders.setdefault(role, []).append(_holder(member, number))
    grants, left_out = [], []
    for number, row in lines:
        if row[0] == "p":
            found, reason = _policy(_cells(row, 5, number), holders, number)
            grants += found
            left_out += [f"line {number}: {reason}"] if reason else []
        elif row[0] != "g":
            raise WrongText("p or g is expected.", number)
    unique = {grant.name: grant for grant in grants}
    return Read(list(unique.values()), left_out)


def _cells(row: list[str], number: int, line: int) -> list[str]:
    if len(row) != number or not all(row):
        raise WrongText(f"{number} values are expected.", line)
    return row


def _holder(reference: str, line: int) -> tuple[str, str]:
    kind = reference.partition(":")[0].lower()
    if kind not in {"user", "group"}:
        raise WrongText("user: or group: is expected.", line)
    return ("person" if kind == "user" else "group"), _name_of(reference)


def _name_of(reference: str) -> str:
    """The name in `kind:namespace/name`."""
    return reference.rpartition("/")[2].partition(":")[2] or reference.rpartition("/")[2]


def _policy(row: list[str], holders: Mapping[str, list[tuple[str, str]]], line: int) -> tuple[list[GrantText], str]:
    _, role, permission, action, effect = row
    if effect not in {"allow", "deny"}:
        raise WrongText("allow or deny is expected.", line)
    known = _permission(permission, action)
    if known is None:
        return [], f"{permission} {action} speaks of nothing here"
    if role not in holders:
        return [], f"nobody has {role}"
    actions, where = known
    return [
        GrantText(
            f"{_name_of(role)} {effect} {permission} {action} for {kind} {name}"[:150], effect, actions, where,
            group=name if kind == "group" else "", person=name if kind == "person" else "", line=line,
        )
        for kind, name in holders[role]
    ], ""  # fmt: skip


def _permission(permission: str, action: str) -> tuple[tuple[str, ...], Mapping[str, Any]] | None:
    found = PERMISSIONS.get((permission, action))
    if found is not None:
        return found
    for general in ("orchestrator.workflow.use", "orchestrator.workflow"):
        of_one = PERMISSIONS.get((general, action))
        if of_one is not None and permission.startswith(f"{general}."):
            name = permission.removeprefix(f"{general}.")
            return of_one[0], {"workflow": [name]}
    return None
