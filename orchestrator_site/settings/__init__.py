"""Settings: `base` reads the environment; `demo` and `test` fill it.

Not here: constants that nobody sets. The rule: production has no default that is unsafe, and no secret has one. Begin
with `base`.
"""
