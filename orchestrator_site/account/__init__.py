"""A person's own affairs: the account page, the password, invitations.

Not here: who somebody is and how they sign in (`auth`); what they may (`processes.access`). The rule: nobody sees or
ends here what is another person's; administrators do that in the admin. Begin with `views`.
"""
