"""Who somebody is, with their groups: one statement whose plan is kept, with which nearly every request begins."""

from dataclasses import replace
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.db import DEFAULT_DB_ALIAS, connection
from django.utils import timezone

from processes.access.permissions import give_rights, know_groups, rights_of
from processes.store.statements import Statement, moment

_FIELDS = [field.attname for field in User._meta.concrete_fields]
_COLUMNS = ", ".join(f"auth_user.{field.column}" for field in User._meta.concrete_fields)
_GROUPS = """
LEFT JOIN auth_user_groups ON auth_user_groups.user_id = auth_user.id
LEFT JOIN auth_group ON auth_group.id = auth_user_groups.group_id
"""

# Put together from names of columns.
_BY_ID = f"SELECT auth_group.name, {_COLUMNS} FROM auth_user {_GROUPS} WHERE auth_user.id = %(user_id)s"  # noqa: S608
_BY_TOKEN = f"""
SELECT auth_group.name, {_COLUMNS} FROM knox_authtoken JOIN auth_user ON auth_user.id = knox_authtoken.user_id {_GROUPS}
WHERE knox_authtoken.digest = %(digest)s AND (knox_authtoken.expiry IS NULL OR knox_authtoken.expiry > %(now)s)
"""  # noqa: S608
BY_ID, BY_TOKEN = Statement(_BY_ID, _BY_ID), Statement(_BY_TOKEN, _BY_TOKEN)


class KnownWithGroups(ModelBackend):
    """Reads the user of a session together with the groups."""

    def get_user(self, user_id: int) -> User | None:
        user = _person(BY_ID, user_id=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


def holder_of(digest: str) -> User | None:
    """Who holds the token of this digest, active or not; None when nobody does, or when it has expired."""
    user = _person(BY_TOKEN, digest=digest, now=connection.ops.adapt_datetimefield_value(timezone.now()))
    if user is not None:
        give_rights(user, replace(rights_of(user), acr=""))  # nobody signs in again for a token
    return user


def _person(statement: Statement, **named: Any) -> User | None:
    rows = statement.rows(**named)
    if not rows:
        return None
    user = User.from_db(DEFAULT_DB_ALIAS, _FIELDS, [moment(value) for value in rows[0][1:]])
    know_groups(user, [row[0] for row in rows])
    return user
