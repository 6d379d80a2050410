"""What runs everything on one machine: children, an embedded PostgreSQL, the first data, front-end files.

Nothing here is used in production. Begin with `children`.
"""
