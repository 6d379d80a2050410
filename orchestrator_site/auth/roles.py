"""Which of our roles and groups the claims of somebody give, and by which rule: pure, for sign-in and try-out alike.

Built in: a role of the realm or of our client, or a group at the top, that is named as a role of ours. The rows of
`RoleRule` add to that (`rules` reads them). Rights add up; no rule takes anything away.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orchestrator_site.auth.provider.configuration import Provider
from processes.access.permissions import ROLES


@dataclass(frozen=True)
class Rule:
    """Whoever has `value` in the claim at `path` gets `gives`; `below` counts groups inside of that group as well."""

    path: str
    value: str
    gives: str
    below: bool = False
    label: str = "built in"

    def matched(self, claims: Mapping[str, Any]) -> str:
        """The value of the claims that fits, or nothing."""
        for found in values_at(claims, self.path):
            if _plain(found) == _plain(self.value) or (
                self.below and _plain(found).startswith(f"{_plain(self.value)}/")
            ):
                return found
        return ""


@dataclass(frozen=True)
class Grant:
    """What a rule gave, and to what value."""

    rule: Rule
    value: str


def built_in(provider: Provider) -> list[Rule]:
    """The rules that hold without anybody having made one."""
    paths = ("realm_access.roles", f"resource_access.{provider.client_id}.roles", "groups")
    return [Rule(path, f"{provider.role_prefix}{role}", role) for role in ROLES for path in paths]


def granted(rules: Iterable[Rule], claims: Mapping[str, Any]) -> list[Grant]:
    """What the rules give to these claims, each with its reason."""
    return [Grant(rule, value) for rule in rules if (value := rule.matched(claims))]


@dataclass(frozen=True)
class Finding:
    """Whether a rule fits: the value that did, or nothing, and whether the claims have anything at its path."""

    rule: Rule
    value: str
    has_claim: bool


def explained(rules: Iterable[Rule], claims: Mapping[str, Any]) -> list[Finding]:
    """Every rule with what it makes of these claims, those that fit first."""
    findings = [Finding(rule, rule.matched(claims), bool(values_at(claims, rule.path))) for rule in rules]
    return sorted(findings, key=lambda finding: not finding.value)


def given(rules: Iterable[Rule], claims: Mapping[str, Any]) -> frozenset[str]:
    """The names of our roles and groups that these claims give."""
    return frozenset(grant.rule.gives for grant in granted(rules, claims))


def values_at(claims: Any, path: str) -> list[str]:
    """The values at a path of names joined by dots, as texts; a name may itself have dots in it."""
    return _values(claims, path.split("."))


def _values(value: Any, names: Sequence[str]) -> list[str]:
    if not names:
        listed = value if isinstance(value, list) else [value]
        return [str(item) for item in listed if isinstance(item, str | int) and str(item)]
    if not isinstance(value, Mapping):
        return []
    found: list[str] = []
    for length in range(1, len(names) + 1):
        name = ".".join(names[:length])
        if name in value:
            found += _values(value[name], names[length:])
    return found


def _plain(value: str) -> str:
    """A group as Keycloak writes it begins with a slash, unless it is told to leave out the path."""
    return value.removeprefix("/")
