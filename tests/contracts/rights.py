"""Who may ask what of each address: a line for every route, and for every method that it answers.

A word is an action (`processes.access.rights.Action`), or `anybody`, `signed in`, `nobody`, or `itself`: the address
decides by credentials of its own, which its tests show. HEAD goes with GET unless it is named; OPTIONS of endpoints
with VIEW. A method that is not named does not exist. The pages of the admin are said by `admin_rights`.
"""

from collections.abc import Mapping

ANYBODY, SIGNED_IN, ITSELF, NOBODY = "anybody", "signed in", "itself", "nobody"
VIEW, WATCH, START, RESUME, RETRY = "view", "watch", "start", "resume", "retry"
ABORT, NOTE, SKIP, EDIT_STATE, PAUSE = "abort", "note", "skip", "edit_state", "pause"
SET_IN_SYNC, CATALOGUE, ADMIN, DELETE = "set_in_sync", "edit_catalogue", "administer", "delete"

PROCESS = "processes/<uuid:process_id>/"
INPUT = f"{PROCESS}input/<uuid:draft_id>/"
WORKFLOW = "workflows/<str:workflow_name>/start/"
DRAFT = f"{WORKFLOW}<uuid:draft_id>/"
SUBSCRIPTION = "subscriptions/<uuid:pk>/"
API_PROCESS = "api/processes/<uuid:process_id>"
API_SUBSCRIPTION = "api/subscriptions/<uuid:subscription_id>/"
SYSTEM = "engine/systems/<slug:name>/"


def read(word: str) -> Mapping[str, str]:
    """Only looked at."""
    return {"GET": word}


def posted(word: str) -> Mapping[str, str]:
    """Only posted to."""
    return {"POST": word}


def both(word: str) -> Mapping[str, str]:
    """A form: looked at and posted."""
    return {"GET": word, "POST": word}


RIGHTS: Mapping[str, Mapping[str, str]] = {
    "": read(VIEW),
    "order/": read(START),
    "processes/": read(VIEW),
    PROCESS: read(VIEW),
    f"{PROCESS}live/": read(VIEW),
    f"{PROCESS}steps/<int:number>/": read(VIEW),
    f"{PROCESS}values/": read(VIEW),
    f"{PROCESS}state/": read(VIEW),
    f"{PROCESS}export/": read(VIEW),
    f"{PROCESS}retry/": posted(RETRY),
    f"{PROCESS}abort/": posted(ABORT),
    f"{PROCESS}note/": posted(NOTE),
    f"{PROCESS}skip/": both(SKIP),
    f"{PROCESS}edit-state/": both(EDIT_STATE),
    f"{PROCESS}continue/": both(SKIP),
    f"{PROCESS}input/": both(RESUME),
    f"{INPUT}check/": both(RESUME),
    f"{INPUT}cancel/": posted(RESUME),
    f"{INPUT}<int:index>/": both(RESUME),
    "trail/<str:kind>/<uuid:key>/": read(VIEW),
    "engine/retention/": read(ADMIN),
    "tasks/": read(VIEW),
    "tasks/retry-failed/": posted(RETRY),
    "engine/": read(WATCH),
    "engine/live/": read(WATCH),
    "engine/pause/": posted(PAUSE),
    "engine/unpause/": posted(PAUSE),
    f"{SYSTEM}stop/": posted(PAUSE),
    f"{SYSTEM}allow/": posted(PAUSE),
    "engine/check/": posted(WATCH),
    WORKFLOW: both(START),
    f"{DRAFT}check/": both(START),
    f"{DRAFT}cancel/": posted(START),
    f"{DRAFT}<int:index>/": both(START),
    "products/": read(VIEW),
    "products/<uuid:pk>/": read(VIEW),
    "subscriptions/": read(VIEW),
    "subscriptions/customers/options/": read(VIEW),
    "subscriptions/options/": read(VIEW),
    "subscriptions/blocks/options/": read(VIEW),
    SUBSCRIPTION: read(VIEW),
    f"{SUBSCRIPTION}compare/": read(VIEW),
    f"{SUBSCRIPTION}set-in-sync/": posted(SET_IN_SYNC),
    "sign-in/": both(ANYBODY),
    "sign-out/": posted(ANYBODY),
    "sign-in/provider/": {"GET": ITSELF, "HEAD": "", "POST": ITSELF},
    "sign-in/kept/<uuid:form_id>/": read(SIGNED_IN),
    "sign-in/callback/": {"GET": ITSELF, "HEAD": ""},
    "sign-in/backchannel-logout/": posted(ITSELF),
    "sign-in/frontchannel-logout/": {"GET": ITSELF, "HEAD": ""},
    "rights/": read(ADMIN),
    "rights/mine/": read(SIGNED_IN),
    "rights/people/<int:pk>/": read(ADMIN),
    "rights/workflows/<str:workflow_name>/": read(ADMIN),
    "account/": read(SIGNED_IN),
    "account/tokens/": posted(SIGNED_IN),
    "account/tokens/end/": posted(SIGNED_IN),
    "account/tokens/<int:pk>/end/": posted(SIGNED_IN),
    "account/sessions/end/": posted(SIGNED_IN),
    "account/sessions/<int:pk>/end/": posted(SIGNED_IN),
    "account/password/": both(SIGNED_IN),
    "account/invitation/<uidb64>/<token>/": both(ITSELF),
    "metrics": read(ITSELF),
    "api/health/": {"GET": ANYBODY, "OPTIONS": ANYBODY},
    "api/auth/login/": {"POST": ITSELF, "OPTIONS": ITSELF},
    "api/auth/logout/": {"POST": ITSELF, "OPTIONS": ITSELF},
    "api/tokens/": {"GET": SIGNED_IN, "POST": SIGNED_IN, "OPTIONS": SIGNED_IN},
    "api/tokens/<int:token_id>": {"DELETE": SIGNED_IN, "OPTIONS": SIGNED_IN},
    "api/schema/": read(VIEW),
    "api/docs/": read(VIEW),
    "api/processes/": read(VIEW),
    "api/processes/status-counts": read(VIEW),
    "api/processes/resume-all": {"PUT": RETRY},
    API_PROCESS: {"GET": VIEW, "PATCH": NOTE, "DELETE": DELETE},
    f"{API_PROCESS}/resume": {"PUT": RESUME},
    f"{API_PROCESS}/abort": {"PUT": ABORT},
    f"{API_PROCESS}/skip": {"PUT": SKIP},
    f"{API_PROCESS}/state": {"PUT": EDIT_STATE},
    f"{API_PROCESS}/continue": {"PUT": SKIP},
    "api/settings/status": {"GET": VIEW, "PUT": PAUSE},
    "api/settings/worker-status": read(WATCH),
    "api/settings/external-systems": read(WATCH),
    "api/settings/external-systems/<slug:name>": {"GET": WATCH, "PUT": PAUSE},
    "api/processes/<str:workflow_name>": posted(START),
    "api/products/": read(VIEW),
    "api/products/<uuid:product_id>": {"GET": VIEW, "PATCH": CATALOGUE},
    "api/products/<uuid:product_id>/": {"GET": VIEW, "PATCH": CATALOGUE},
    "api/product_blocks/": read(VIEW),
    "api/product_blocks/<uuid:product_block_id>": {"GET": VIEW, "PATCH": CATALOGUE},
    "api/resource_types/": read(VIEW),
    "api/resource_types/<uuid:resource_type_id>": {"GET": VIEW, "PATCH": CATALOGUE},
    "api/workflows/": read(VIEW),
    "api/workflows/<uuid:workflow_id>": read(VIEW),
    "api/settings/overview": read(ADMIN),
    "api/settings/cache-names": read(VIEW),
    "api/settings/cache/<str:name>": {"DELETE": ADMIN},
    "api/translations/<str:language>": read(VIEW),
    "api/subscriptions/": read(VIEW),
    "api/subscriptions/domain-model/<uuid:subscription_id>": read(VIEW),
    "api/subscriptions/workflows/<uuid:subscription_id>": read(VIEW),
    f"{API_SUBSCRIPTION}versions/": read(VIEW),
    f"{API_SUBSCRIPTION}compare": read(VIEW),
    f"{API_SUBSCRIPTION}validations": read(VIEW),
    f"{API_SUBSCRIPTION}set_in_sync": {"PUT": SET_IN_SYNC},
    "api/customers/": read(VIEW),
}
"""Pages and endpoints."""
