"""Who may ask what of each page of the admin: a line for every page of every model, and for every action of its list.

Whoever may not edit the catalogue does not get into the admin at all. A form that is looked at by those who may not
send it is shown to be read. The list of a model is posted to by its actions, which have lines of their own.
"""

from collections.abc import Mapping

from tests.contracts.rights import ADMIN, CATALOGUE, NOBODY, SIGNED_IN, both, posted, read

Line = Mapping[str, str]
OBJECT = "<path:object_id>/"


def looked_at(look: str, act: str) -> Line:
    """Looked at by some, sent by others."""
    return {"GET": look, "POST": act}


def model(name: str, look: str, *, add: str, change: str, delete: str) -> Mapping[str, Line]:
    """The pages that every model has."""
    pages = {
        "": both(look),
        "add/": both(add),
        f"{OBJECT}change/": looked_at(look, change),
        f"{OBJECT}delete/": both(delete),
        f"{OBJECT}history/": read(look),
        OBJECT: read(CATALOGUE),  # leads to the form
    }
    return {f"admin/{name}/{page}": line for page, line in pages.items()}


def kept(name: str, look: str, act: str) -> Mapping[str, Line]:
    """A model of which those who may add rows may also change and delete them."""
    return model(name, look, add=act, change=act, delete=act)


def read_only(name: str, look: str) -> Mapping[str, Line]:
    """A model that the admin only shows."""
    return kept(name, look, NOBODY)


ADMIN_RIGHTS: Mapping[str, Line] = {
    "admin/": read(CATALOGUE),
    "admin/search/": read(CATALOGUE),
    "admin/login/": read(CATALOGUE),
    "admin/logout/": posted(SIGNED_IN),
    "admin/password_change/": read(CATALOGUE),
    "admin/password_change/done/": read(CATALOGUE),
    "admin/autocomplete/": read(CATALOGUE),
    "admin/jsi18n/": read(CATALOGUE),
    "admin/r/<path:content_type_id>/<path:object_id>/": read(CATALOGUE),
    "admin/^(?P<app_label>processes|products|subscriptions|auth|orchestrator_site)/$": read(CATALOGUE),
    "admin/(?P<url>.*)$": read(CATALOGUE),
    **read_only("processes/workflow", CATALOGUE),
    **read_only("processes/auditevent", ADMIN),
    "admin/processes/auditevent/export/": read(ADMIN),
    **model("processes/externalsystem", ADMIN, add=NOBODY, change=ADMIN, delete=NOBODY),
    **kept("processes/accessgrant", ADMIN, ADMIN),
    **kept("products/productblock", CATALOGUE, CATALOGUE),
    **kept("products/product", CATALOGUE, CATALOGUE),
    **kept("products/resourcetype", CATALOGUE, CATALOGUE),
    **kept("subscriptions/customer", CATALOGUE, ADMIN),
    **read_only("subscriptions/validation", CATALOGUE),
    **kept("auth/group", ADMIN, ADMIN),
    **kept("auth/user", ADMIN, ADMIN),
    "admin/auth/user/<int:pk>/invite/": posted(ADMIN),
    "admin/auth/user/<int:pk>/sign-ins/": both(ADMIN),
    f"admin/auth/user/{OBJECT}invitation/": read(ADMIN),
    f"admin/auth/user/{OBJECT}sign-ins-of/": read(ADMIN),
    "admin/auth/user/<id>/password/": both(ADMIN),
    **kept("orchestrator_site/rolerule", ADMIN, ADMIN),
    "admin/orchestrator_site/rolerule/try/": both(ADMIN),
    "admin/orchestrator_site/rolerule/try-out/": read(ADMIN),
    **read_only("orchestrator_site/identity", ADMIN),
    **read_only("orchestrator_site/directorysync", ADMIN),
}
"""Every page of the admin."""

ADMIN_ACTIONS: Mapping[str, Mapping[str, str]] = {
    "processes.workflow": {},
    "processes.auditevent": {},
    "processes.externalsystem": {},
    "processes.accessgrant": {"delete_selected": ADMIN},
    "products.productblock": {},
    "products.product": {},
    "products.resourcetype": {},
    "subscriptions.customer": {"delete_selected": ADMIN},
    "subscriptions.validation": {},
    "auth.group": {"delete_selected": ADMIN},
    "auth.user": {"delete_selected": ADMIN, "disable": ADMIN, "enable": ADMIN},
    "orchestrator_site.rolerule": {"delete_selected": ADMIN},
    "orchestrator_site.identity": {},
    "orchestrator_site.directorysync": {},
}
"""What can be done to many rows of a model at once, and by whom."""
