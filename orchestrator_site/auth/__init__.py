"""Who somebody is: local passwords, Keycloak, tokens of programs, sessions, and the limiter of wrong passwords.

Not here: what they may do (`processes.access.permissions`). The rule: every address needs a sign-in unless it says
otherwise. Begin with `middleware` for pages and with `rest` for programs.
"""
