"""How a subscription is shown to people: cards of blocks, changes in words, history, panels of processes.

Not here: questions to the database (`subscriptions.queries`). The rule: nothing here decides. Begin with `cards`.
"""
