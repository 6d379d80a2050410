"""Clients of external systems: typed answers, named errors, time limits, and nothing made twice.

Not here: when they are called (`demo.workflows`). The rule: each call has a timeout, and each error says whether trying
again may help. Begin with `inventory`.
"""
