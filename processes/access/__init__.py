"""Who may do what (`permissions.decide`, the one decision), and who did (`audit`, a chain of hashed rows).

    rights        the words: actions, roles, what the credentials of a request give, what a decision says
    conditions    which objects a grant speaks of (pure); `kinds` says what may be asked of each kind of object
    grants        the grants of a user; `importing` and `grant_files` (`file_places`) bring them from files,
                  and `unmatched` tells which of their values nothing has
    policy        what roles and grants decide together; `authors` what the author of a workflow says besides
    permissions   the door: decide, check, visible; `viewer` for choices of forms, `step_up` for stronger sign-ins
    audit         append to the trail; `refusals` what was refused, `admin_trail` what the admin does
    evidence      whether the trail is whole, by `anchors` outside of the database; its export

Not here: who somebody is (`orchestrator_site.auth`). The rule: nothing else decides, and `audit.record` comes last in a
verb: the trail records what was done and never does anything itself. Begin with `permissions`.
"""
