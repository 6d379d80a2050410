"""The site: settings, addresses, sign-in, menu, and the demo that shows how a customer uses it; rooms in import order.

    settings       what the environment says; `base` for all, `demo` and `test` fill it
    database       Django's PostgreSQL, asked less often whether it is there
    look           words, colours and icons of statuses, moments and values
    local          everything on one machine: children, an embedded PostgreSQL, first data
    auth           who somebody is: passwords, Keycloak, tokens, sessions
    rest           what REST answers share: problem details, JSON in and out
    templatetags   the small elements of every page
    pages          the frame of every page, the start page, pages of errors
    limits         what comes in is bounded: addresses, bodies, uploads, requests a minute
    account        a person's own affairs: account page, password, invitations
    rights         who may do what, as pages
    operations     health, metrics, logs, the web server, static files
    api            the addresses below /api/
    simulators     stand-ins for external systems, each its own process
    demo           what a customer of ours writes; it uses the doors for authors alone

A room imports only from rooms above it in this list; `urls`, `admin` and `management` import any. The rule: nothing
below this app knows it; a site of your own replaces `demo`. Begin with `settings.base`, then `urls`.
"""
