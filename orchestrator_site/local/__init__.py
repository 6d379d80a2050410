"""What runs everything on one machine: children, an embedded PostgreSQL, the first data, front-end files.

Not here: how the site is served (`orchestrator_site.operations.serving`). The rule: nothing here is used in production.
Begin with `children`.
"""
