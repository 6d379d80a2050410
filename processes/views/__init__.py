"""Pages of processes: fetch (`queries`), call (`actions`), render.

Not here: rules and SQL. The rule: a button says why it is off, and every POST calls one verb. Begin with
`processes/urls.py`, then `detail` and `buttons`.
"""
