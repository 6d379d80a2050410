"""The inventory: delivered instances of products, and what binds workflows to them; rooms in their import order.

    lifecycle      pure: which moves between statuses are allowed
    start_rules    pure: may this workflow be started on this subscription now, and if not, why
    tree           pure: a subscription as authors see it, and what changed in it
    models         the tables: customers, subscriptions, block instances, unique values, versions
    queries        loading whole trees, lists, choices, what can be started
    actions        mint, save, terminate, in sync: every change of a subscription, in the caller's transaction
    workflows      the door for authors: decorators, the binding, workflows without code
    display        cards, changes in words, history, panels of processes
    api, views     faces: fetch, call, render

A room imports only from rooms above it in this list; `urls` and `admin` import any. The rule: a subscription is changed
by a workflow that holds its lock, through `actions.saving`, which appends to its history. To read it in an hour:
`tree.subscription`, `actions.saving`, `workflows.binding`, `workflows.session`.
"""
