"""What a customer of ours writes: workflows, their forms, and clients of external systems, for a small network.

Not here: anything that another app needs; nothing imports it. The rule: it uses the doors for authors alone
(`processes.engine`, `subscriptions.workflows`, `subscriptions.queries`). Begin with `workflows.node`.
"""
