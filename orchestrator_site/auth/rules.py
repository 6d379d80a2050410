"""The rules that hold now: those built in and those of the admin, which each statement that needs them brings along.

Nothing is remembered between requests but the rules that a text spells, so a changed rule counts at once, everywhere.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from orchestrator_site.auth.provider.configuration import Provider
from orchestrator_site.auth.roles import Rule, built_in, given
from orchestrator_site.models import RoleRule
from processes.access.permissions import ROLES
from processes.store.statements import Statement

POSTGRESQL = """
(SELECT json_agg(json_build_array(rule.id, rule.claim, rule.value, given.name, rule.with_subgroups) ORDER BY rule.id)
 FROM orchestrator_site_rolerule rule JOIN auth_group given ON given.id = rule.gives_id WHERE rule.enabled)::text
"""
SQLITE = """
(SELECT json_group_array(json_array(id, claim, value, name, with_subgroups)) FROM (
   SELECT rule.id, claim, value, name, with_subgroups
   FROM orchestrator_site_rolerule rule JOIN auth_group given ON given.id = rule.gives_id
   WHERE rule.enabled ORDER BY rule.id))
"""
"""An expression: the rules of the admin as JSON, a list of id, claim, value, name of the group, and subgroups."""
RULES = Statement(f"SELECT {POSTGRESQL}", f"SELECT {SQLITE}")


def rules_of(provider: Provider) -> tuple[Rule, ...]:
    """Every rule that holds now, the built-in ones first."""
    ((text,),) = RULES.rows()
    return rules_in(provider, text)


@lru_cache(maxsize=8)
def rules_in(provider: Provider, text: str | None) -> tuple[Rule, ...]:
    """The built-in rules, and those that the text of a statement spells."""
    rows = json.loads(text or "[]")
    kept = (Rule(claim, value, name, bool(below), label_of(pk)) for pk, claim, value, name, below in rows)
    return (*built_in(provider), *kept)


def label_of(pk: int) -> str:
    """What a rule of the admin is called where reasons are told."""
    return f"rule {pk}"


def groups_in(provider: Provider, claims: Mapping[str, Any]) -> frozenset[str]:
    """The names of our roles and groups that these claims give now."""
    return given(rules_of(provider), claims)


def managed_groups() -> frozenset[str]:
    """The groups whose members the provider decides on: roles, and what a rule gives."""
    return frozenset(ROLES) | frozenset(RoleRule.objects.values_list("gives__name", flat=True))
