"""People, groups, and rules of the identity provider in the admin, for administrators only.

Not here: how somebody signs in (`auth`). The rule: what would let code in is not there at all, and each change is
audited by `AdministratorsOnly`. Begin with `people`.
"""

from django.contrib import admin
from django.contrib.auth.models import Group, User

admin.autodiscover()  # whoever imports this first: all others have registered before something is taken back

NOT_FOR_HANDS = {"django_q", "knox"}  # a queue row names code to run; a token's row is of no use to look at

for model in list(admin.site._registry):
    if model._meta.app_label in NOT_FOR_HANDS or model in (User, Group):
        admin.site.unregister(model)

from orchestrator_site.admin import grants, groups, people, provider  # noqa: E402, F401 - these register themselves in their turn
