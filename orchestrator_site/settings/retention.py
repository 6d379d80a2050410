"""Settings of what is kept for how long; see docs/operations.md, Keeping and removing."""

import environ

_env = environ.Env()

_DAYS = {
    "idempotency": 30,
    "drafts": 30,
    "notifications": 90,
    "tasks": 30,
    "processes": 0,
    "versions": 0,
    "audit": 0,
}
RETENTION_DAYS: dict[str, int] = {
    name: _env.int(f"RETENTION_{name.upper()}_DAYS", default=days) for name, days in _DAYS.items()
}  # of rows that are only history, by kind; 0 is for ever
RETENTION_KINDS: list[str] = _env.list(
    "RETENTION_KINDS",
    default=[
        "subscriptions.queries.retention.KINDS",
        "processes.queries.retention.KINDS",
        "processes.access.audit_retention.KINDS",
    ],
)
RETENTION_REFERRERS: list[str] = _env.list(
    "RETENTION_REFERRERS", default=["subscriptions.queries.retention.processes_named"]
)  # function(process ids): those that something refers to yet
