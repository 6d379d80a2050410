"""Who somebody is: local passwords, an OpenID provider, tokens of programs, sessions, the limiter of wrong passwords.

Not here: what they may do (`processes.access.permissions`). The rule: every address needs a sign-in unless it says
otherwise, and a request has the rights of its own credentials. Begin with `middleware` for pages, with `rest` for
programs, and with `vouching` for how long the provider's word lasts.
"""
