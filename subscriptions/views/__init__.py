"""Pages of subscriptions: fetch (`queries`), shape (`display`), render.

Not here: rules. The rule: a subscription is changed by a workflow, whose form is a page of `processes`; the one verb of
its own page sets it in sync. Begin with `listing`, then `detail`.
"""
