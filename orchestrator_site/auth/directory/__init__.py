"""People as the provider's directory lists them, whether they have signed in lately or not.

Not here: what their claims give (`roles`). The rule: a failure costs what it hit and nothing else; only a complete
list says that somebody is gone. Begin with `sync`.
"""
