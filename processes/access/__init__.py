"""Who may do what (`permissions.decide`, the one decision), and who did (`audit`, a chain of hashed rows).

Not here: who somebody is (`orchestrator_site.auth`). The rule: nothing else decides, and `audit.record` comes last in a
verb: the trail records what was done and never does anything itself. Begin with `permissions`.
"""
