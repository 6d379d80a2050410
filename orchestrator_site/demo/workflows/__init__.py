"""The demo's workflows: what a customer of ours writes. Only the doors for authors are used.

Not here: calls over HTTP (`demo.clients`), pages (`demo.forms`). The rule: each step calls at most one external system,
under its idempotency key. Begin with `node`.
"""
