"""Workflows and their runs, from a start to the last step: rooms in the order in which they import each other.

    engine         pure rules: what a workflow is, what each thing that happens makes of a run, the loop that drives one
    lists          the ground kit of lists for every app: tables, endpoints, CSV, labels
    models         the tables, a file a subject
    store          every SQL statement: claim, commit, leases, state, locks, wake-ups, the clock
    plugins        what a site names in its settings: workflows, panels
    access         who may, and who did: permissions, the audit trail
    forms          pages of questions as JSON Schema, and the one renderer
    execution      the life of a run in the hands of a worker: drive, external calls, recovery, finish
    queries        the read side: timeline, incidents, fleet, filters, invariants
    actions        the verbs of people and clients: start, answer, retry, skip, abort, pause
    workers        the life of a worker on a host: supervisor, serve, heartbeat, liveness
    api, views     faces: fetch, call, render

A room imports only from rooms above it in this list; `urls`, `admin` and `management` import any. To read the engine in
an hour: `engine.workflow`, `engine.transitions`, `engine.driver`, `store.claims`, `store.commits`,
`execution.recovery`, `workers.supervisor`.

    a crash is handled           `execution.recovery`; what the row becomes: `engine.transitions.lost`
    a row is claimed             `store.claims`
    a new verb goes to           `engine.transitions`, `actions` (its docstring has the list of faces)
    a new kind of node goes to   `engine.kinds`, with a builder in `engine.steps`
    the same rules in memory     `engine.memory`: the same driver on another store
"""
