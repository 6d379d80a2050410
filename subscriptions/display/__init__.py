"""How a subscription is shown to people: cards of blocks, changes in words, history, panels of processes.

Not here: questions to the database (`subscriptions.queries`). Nothing here decides.
"""
