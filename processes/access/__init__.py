"""Who may do what (`permissions.decide`, the one decision), and who did (`audit`, a chain of hashed rows).

The audit trail records what a verb has done; it never does anything itself.
"""
