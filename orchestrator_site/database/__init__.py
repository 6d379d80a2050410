"""Django's backend for PostgreSQL, with one thing done differently; named by ENGINE in the settings.

Not here: statements (`processes.store`). The rule: it imports nothing of ours, since Django loads it before any app.
Begin with `base`.
"""
