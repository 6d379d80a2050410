"""Where below a host the site lies: SITE_PREFIX=/noc shares the host with other sites, each with cookies of its own."""

import re

import environ
from django.core.exceptions import ImproperlyConfigured

_env = environ.Env()

_given: str = _env.str("SITE_PREFIX", default="").strip("/")
if not re.fullmatch(r"([A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*)?", _given):
    raise ImproperlyConfigured("SITE_PREFIX is a path of letters, digits, _ and -, such as /noc.")
if _given.partition("/")[0] in {
    "account",
    "admin",
    "api",
    "processes",
    "products",
    "sign-in",
    "static",
    "subscriptions",
}:
    raise ImproperlyConfigured(f"SITE_PREFIX=/{_given} begins with the name of a page of this site; choose another.")
SITE_PREFIX = f"/{_given}" if _given else ""

FORCE_SCRIPT_NAME = SITE_PREFIX or None
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = f"{SITE_PREFIX}/"
if SITE_PREFIX:  # Django's cookie of messages is one for the whole host
    MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"


def cookie_name(name: str, *, https: bool) -> str:
    """The name of a cookie: bound to this host, or with a prefix to this path and told from those of its siblings."""
    if not SITE_PREFIX:
        return f"__Host-{name}" if https else {"session": "sessionid", "csrf": "csrftoken"}.get(name, name)
    own = f"{name}-{_given.replace('/', '-')}"
    return f"__Secure-{own}" if https else own
