"""Sessions in the database, as Django keeps them, read by a statement whose plan is kept: a third of a small answer.

The same statement tells when a session was last used, which is written down once a minute.
"""

from datetime import timedelta
from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone

from orchestrator_site.models import SignedInSession
from processes.access import origin
from processes.engine.values.text import clean_text
from processes.store.statements import Statement, moment

_SESSION = """
SELECT session_data, used.last_used_at, used.id FROM django_session
LEFT JOIN orchestrator_site_signedinsession used ON used.session_key = django_session.session_key
WHERE django_session.session_key = %(session_key)s AND expire_date > %(now)s
"""
SESSION = Statement(_SESSION, _SESSION)
USED_EVERY = timedelta(minutes=1)


class SessionStore(db.SessionStore):
    """One session."""

    def load(self) -> dict[str, Any]:
        now = timezone.now()
        rows = SESSION.rows(session_key=self.session_key, now=connection.ops.adapt_datetimefield_value(now))
        if not rows:
            self._session_key = None
            return {}
        data, used_at, pk = rows[0][0], moment(rows[0][1]), rows[0][2]
        if pk is not None and (used_at is None or now - used_at > USED_EVERY):
            used = {"last_used_at": now, "last_used_from": clean_text(origin.current().address)[:64]}
            SignedInSession.objects.filter(pk=pk).update(**used)
        return self.decode(data)
