"""Sessions in the database, as Django keeps them, read by a statement whose plan is kept: a third of a small answer."""

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone

from processes.store.statements import Statement

_SESSION = """
SELECT session_data FROM django_session WHERE session_key = %(session_key)s AND expire_date > %(now)s
"""
SESSION = Statement(_SESSION, _SESSION)


class SessionStore(db.SessionStore):
    """One session."""

    def load(self) -> dict[str, Any]:
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        rows = SESSION.rows(session_key=self.session_key, now=now)
        if not rows:
            self._session_key = None
            return {}
        return self.decode(rows[0][0])
