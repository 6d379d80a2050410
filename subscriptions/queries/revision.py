"""What decides whether the page of a subscription on which a process works has changed, by one statement."""

from typing import Any
from uuid import UUID

from processes.store.statements import Statement
from subscriptions.queries.starting import lock_key

_REVISION = Statement(
    postgresql="""
SELECT s.version, s.status, s.insync, s.description, s.note, s.end_date, s.product_version_id, s.modified_at,
       p.id, p.status, p.last_step, p.last_modified_at, e.paused_at,
       (SELECT MAX(a.id) FROM processes_processsubject a WHERE a.kind = 'subscription' AND a.subject_id = %(subject)s),
       (SELECT MAX(v.at) FROM subscriptions_validation v WHERE v.subscription_id = s.id)
FROM subscriptions_subscription s
LEFT JOIN processes_resourcelock l ON l.resource = %(resource)s
LEFT JOIN processes_process p ON p.id = l.process_id
LEFT JOIN processes_enginesettings e ON e.id = 1
WHERE s.id = ANY(%(ids)s)
""",
    sqlite="""
SELECT s.version, s.status, s.insync, s.description, s.note, s.end_date, s.product_version_id, s.modified_at,
       p.id, p.status, p.last_step, p.last_modified_at, e.paused_at,
       (SELECT MAX(a.id) FROM processes_processsubject a WHERE a.kind = 'subscription' AND a.subject_id = %(subject)s),
       (SELECT MAX(v.at) FROM subscriptions_validation v WHERE v.subscription_id = s.id)
FROM subscriptions_subscription s
LEFT JOIN processes_resourcelock l ON l.resource = %(resource)s
LEFT JOIN processes_process p ON p.id = l.process_id
LEFT JOIN processes_enginesettings e ON e.id = 1
WHERE s.id IN (SELECT value FROM json_each(%(ids)s))
""",
)


def revision(subscription_id: UUID) -> tuple[Any, ...]:
    """A subscription, the process that works on it and the newest about it, to be compared only.

    What happens to others is not in it: their state is told when something happens here. Empty when there is none.
    """
    named = {"resource": lock_key(subscription_id), "subject": str(subscription_id)}
    return next(iter(_REVISION.rows([subscription_id], **named)), ())
