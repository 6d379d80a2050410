"""Who somebody is, with their groups: one statement whose plan is kept, with which nearly every request begins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.db import DEFAULT_DB_ALIAS, connection
from django.utils import timezone

from orchestrator_site.auth import rules
from orchestrator_site.auth.provider.configuration import Provider
from orchestrator_site.auth.roles import given
from orchestrator_site.models import PersonalToken
from processes.access import origin
from processes.access.grants import know_no_grants
from processes.access.permissions import Scope, give_rights, know_groups, rights_of
from processes.engine.values.text import clean_text
from processes.store.statements import Statement, moment

_FIELDS = [field.attname for field in User._meta.concrete_fields]
_COLUMNS = ", ".join(f"auth_user.{field.column}" for field in User._meta.concrete_fields)
_GROUPS = """
LEFT JOIN auth_user_groups ON auth_user_groups.user_id = auth_user.id
LEFT JOIN auth_group ON auth_group.id = auth_user_groups.group_id
"""

_GRANTED = "EXISTS (SELECT 1 FROM processes_accessgrant WHERE enabled)"

# Put together from names of columns.
_BY_ID = f"""
SELECT auth_group.name, {_GRANTED}, NULL, NULL, {_COLUMNS} FROM auth_user {_GROUPS} WHERE auth_user.id = %(user_id)s
"""  # noqa: S608
_BY_TOKEN = f"""
SELECT auth_group.name, {_GRANTED}, personal.scope, personal.last_used_at, {_COLUMNS}
FROM knox_authtoken JOIN auth_user ON auth_user.id = knox_authtoken.user_id
LEFT JOIN orchestrator_site_personaltoken personal ON personal.token_id = knox_authtoken.digest {_GROUPS}
WHERE knox_authtoken.digest = %(digest)s AND (knox_authtoken.expiry IS NULL OR knox_authtoken.expiry > %(now)s)
"""  # noqa: S608
BY_ID, BY_TOKEN = Statement(_BY_ID, _BY_ID), Statement(_BY_TOKEN, _BY_TOKEN)
_BY_SUBJECT = f"""
, {_GRANTED}, {_COLUMNS} FROM (SELECT 1) always
LEFT JOIN orchestrator_site_identity identity ON identity.issuer = %(issuer)s AND identity.subject = %(subject)s
LEFT JOIN auth_user ON auth_user.id = identity.user_id
"""
BY_SUBJECT = Statement(f"SELECT {rules.POSTGRESQL} {_BY_SUBJECT}", f"SELECT {rules.SQLITE} {_BY_SUBJECT}")
_BEFORE_USER, _BEFORE_SUBJECT = 4, 2
USED_EVERY = timedelta(minutes=1)


class KnownWithGroups(ModelBackend):
    """Reads the user of a session together with the groups."""

    def get_user(self, user_id: int) -> User | None:
        rows = BY_ID.rows(user_id=user_id)
        user = _person(rows) if rows else None
        return user if user is not None and self.user_can_authenticate(user) else None


def holder_of(digest: str) -> User | None:
    """Who holds the token of this digest, active or not; None when nobody does, or when it has expired.

    The rights are those of the scope of the token. That it was used is written down once a minute.
    """
    now = timezone.now()
    rows = BY_TOKEN.rows(digest=digest, now=connection.ops.adapt_datetimefield_value(now))
    if not rows:
        return None
    user, scope, used_at = _person(rows), rows[0][2], moment(rows[0][3])
    # Nobody signs in again for a token, so it has no level.
    give_rights(user, replace(rights_of(user), acr="", scope=Scope(scope or Scope.ALL)))
    if scope and (used_at is None or now - used_at > USED_EVERY):
        used = {"last_used_at": now, "last_used_from": clean_text(origin.current().address)[:64]}
        PersonalToken.objects.filter(token=digest).update(**used)
    return user


@dataclass(frozen=True)
class BearerFacts:
    """What one statement tells of the claims of a token: what they give here, and whose they are, if anybody's yet."""

    groups: frozenset[str]
    has_grants: bool
    user: User | None


def known_by(provider: Provider, claims: Mapping[str, Any]) -> BearerFacts:
    """Look up the claims of a token of this provider."""
    (row,) = BY_SUBJECT.rows(issuer=provider.issuer, subject=claims["sub"])
    user = None
    if row[_BEFORE_SUBJECT] is not None:
        user = User.from_db(DEFAULT_DB_ALIAS, _FIELDS, [moment(value) for value in row[_BEFORE_SUBJECT:]])
    return BearerFacts(given(rules.rules_in(provider, row[0]), claims), bool(row[1]), user)


def _person(rows: Sequence[Sequence[Any]]) -> User:
    user = User.from_db(DEFAULT_DB_ALIAS, _FIELDS, [moment(value) for value in rows[0][_BEFORE_USER:]])
    know_groups(user, [row[0] for row in rows])
    if not rows[0][1]:
        know_no_grants(user)
    return user
