"""Settings from the environment; a missing secret stops the start unless DEBUG is on."""

from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static

from orchestrator_site.settings.limits import *  # noqa: F403 - settings of their own file
from orchestrator_site.settings.prefix import *  # noqa: F403 - the same
from orchestrator_site.settings.prefix import SITE_PREFIX, cookie_name
from orchestrator_site.settings.retention import *  # noqa: F403 - the same
from orchestrator_site.settings.sign_in import *  # noqa: F403 - the same
from orchestrator_site.settings.sign_in import PROVIDER_ORIGINS

env = environ.Env()
ROOT = Path(__file__).resolve().parents[2]
DATA_DIR = Path(env.str("DATA_DIR", default=str(ROOT / ".data")))

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="only-for-development" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY to a long random text (or DEBUG=1 on your own machine).")
# Former keys, while what they signed and sealed is still to be read.
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "orchestrator_site.apps.SiteAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "crispy_bootstrap5",
    "crispy_forms",
    "csp",
    "django_filters",
    "django_htmx",
    "django_q",
    "django_tables2",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "mozilla_django_oidc",
    "rest_framework",
    "processes",
    "products",
    "subscriptions",
    "orchestrator_site",
]

MIDDLEWARE = [
    "orchestrator_site.operations.logs.request_log",
    "django.middleware.security.SecurityMiddleware",
    "orchestrator_site.limits.requests.bounded",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "orchestrator_site.limits.rates.limited",
    "orchestrator_site.operations.health.without_cookies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "orchestrator_site.auth.trail.followed",
    "orchestrator_site.auth.middleware.private_pages",
    "orchestrator_site.auth.middleware.VouchedFor",
    "orchestrator_site.pages.methods.MethodsOfPages",
    "orchestrator_site.auth.middleware.SignInRequired",
    "orchestrator_site.auth.objects.SeenObjects",
    "django.middleware.csrf.CsrfViewMiddleware",  # reads the body, so that it comes after who asks is known
    "orchestrator_site.limits.requests.StorableForms",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "orchestrator_site.pages.faults.UnknownIsNotFound",
]

ROOT_URLCONF = "orchestrator_site.urls"
WSGI_APPLICATION = "orchestrator_site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "orchestrator_site.pages.frame.menu",
            ],
            "builtins": ["django.templatetags.static"],
        },
    }
]

# Databases. SQLite is the default; DATABASE_URL names a PostgreSQL.
# How long a statement, and a lock that others hold, may be waited for; the web server sets both, 0 is for ever.
DATABASE_STATEMENT_SECONDS = env.int("DATABASE_STATEMENT_SECONDS", default=0)
DATABASE_LOCK_SECONDS = env.int("DATABASE_LOCK_SECONDS", default=0)
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": DATABASE_LOCK_SECONDS or 30,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'orchestrator.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
else:
    DATABASES["default"]["ENGINE"] = "orchestrator_site.database"
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)  # seconds
    if DATABASE_STATEMENT_SECONDS:
        DATABASES["default"]["OPTIONS"]["options"] = (
            f"{DATABASES['default']['OPTIONS'].get('options', '')} -c statement_timeout={DATABASE_STATEMENT_SECONDS}s"
            f" -c lock_timeout={DATABASE_LOCK_SECONDS}s"
        )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# django-q2 only hosts the long-lived workers; both times lie far beyond a worker's life. See processes.workers.cluster.
REDIS_URL = env.str("REDIS_URL", default="")  # a Redis for its messages, instead of a table
WORKER_HOST = env.str("WORKER_HOST", default="")  # a name for this host, where host names are not unique
Q_CLUSTER = {
    "name": "orchestrator",
    "orm": "default",
    "broker_class": "processes.workers.cluster.Broker",
    "workers": env.int("WORKERS", default=4),
    "timeout": 86_400,  # seconds
    "retry": 172_800,  # seconds
    "scheduler": False,
    "save_limit": -1,
    "poll": 1,
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_TZ = True

STATIC_URL = f"{SITE_PREFIX}/static/"  # whole, for it is read before anybody knows the prefix of a request
STATIC_ROOT: Path | None = Path(env.str("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [ROOT / "orchestrator_site" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "orchestrator_site.operations.static_files.CollectedOnce"},
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_ALLOW_ALL_ORIGINS = False

LOGIN_URL = "login"
CSRF_FAILURE_VIEW = "orchestrator_site.pages.faults.csrf_failure"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

MAIL_ENABLED = bool(env.str("EMAIL_URL", default=""))  # such as smtp+tls://name:password@mail.example.org:587
vars().update(env.email_url("EMAIL_URL", default="dummymail://"))
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="orchestrator@localhost")
PASSWORD_RESET_TIMEOUT = env.int("INVITATION_HOURS", default=72) * 3600

SESSION_ENGINE = "orchestrator_site.auth.sessions"
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)  # how many proxies of ours add to X-Forwarded-For
SESSION_COOKIE_AGE = env.int("SESSION_SECONDS", default=12 * 3600)
KNOX_TOKEN_MODEL = "knox.AuthToken"  # noqa: S105 - what knox takes anyway, and what migrations that refer to it read
REST_KNOX = {"TOKEN_TTL": timedelta(hours=env.int("TOKEN_HOURS", default=10))}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
HTTPS = env.bool("HTTPS", default=not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [
    f"^{SITE_PREFIX[1:]}/?{page}$" for page in ("api/health/", "metrics")
]  # asked from inside, without TLS
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")  # lets others than this machine read /metrics
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# Browsers ship the names that ask for it and take years to forget one: a decision for a whole domain, not for a site.
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # which would have it everywhere
SESSION_COOKIE_NAME = cookie_name("session", https=HTTPS)
CSRF_COOKIE_NAME = cookie_name("csrf", https=HTTPS)
WHOSE_COOKIE_NAME = cookie_name("whose", https=HTTPS)  # see auth.whose
if env.bool("TLS_AT_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],  # unfold needs inline script: docs/adr/0007-relaxed-csp-for-the-admin.md
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        # Signing out posts a form that is redirected to the identity provider.
        "form-action": [SELF, *PROVIDER_ORIGINS],
    },
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "orchestrator_site.auth.rest.KnoxToken",
        "orchestrator_site.auth.rest.Bearer",
        "orchestrator_site.auth.rest.Basic",
        "orchestrator_site.auth.rest.BrowserSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["orchestrator_site.auth.rest.RolePermission"],
    "DEFAULT_RENDERER_CLASSES": ["orchestrator_site.rest.json_format.JsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["orchestrator_site.rest.json_format.JsonParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "orchestrator_site.rest.problems.handle",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Orchestrator",
    "DESCRIPTION": "Order products, follow their delivery and read the inventory.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/",
    "SERVERS": [{"url": SITE_PREFIX}] if SITE_PREFIX else [],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "orchestrator_site.rest.description.add_problems",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "HealthStatus": ["ok", "failing"],
        "ProcessStatus": "processes.engine.values.status.ProcessStatus",
        "StepStatus": "processes.engine.values.status.StepStatus",
        "ProductStatus": "products.models.ProductStatus",
        "Target": ["CREATE", "MODIFY", "TERMINATE", "VALIDATE", "RECONCILE", "SYSTEM"],
        "SubscriptionStatus": "subscriptions.lifecycle.SubscriptionLifecycle",
    },
}

FORM_RENDERER = "orchestrator_site.look.renderer.WithoutLimits"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "components/table.html"

UNFOLD = {
    "SITE_TITLE": "Orchestrator",
    "SITE_HEADER": "Orchestrator",
    "SITE_SUBHEADER": "Catalogue and users",
    "SITE_URL": f"{SITE_PREFIX}/",
    "SITE_ICON": lambda _request: static("site/favicon.svg"),
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("site/favicon.svg")}],
    "ENVIRONMENT": "orchestrator_site.pages.frame.admin_label",
    "SHOW_BACK_BUTTON": True,
    "BORDER_RADIUS": "6px",
    "SCRIPTS": [lambda _request: static("site/half-typed.js")],
    "COLORS": {  # the blue of the pages, #1f5fbf
        "primary": {
            "50": "#eff5fc",
            "100": "#dbe8f8",
            "200": "#bdd5f2",
            "300": "#90b8e8",
            "400": "#5c93dc",
            "500": "#2f6fd0",
            "600": "#1f5fbf",
            "700": "#194e9e",
            "800": "#184382",
            "900": "#18396b",
            "950": "#102446",
        }
    },
    "SIDEBAR": {"show_search": True, "show_all_applications": False},
    "ACCOUNT": {"navigation": [{"title": "Back to the site", "link": f"{SITE_PREFIX}/"}]},
}

LOG_FORMAT = env.str("LOG_FORMAT", default="line")  # or json
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"chosen": {"()": "orchestrator_site.operations.logs.formatter", "kind": LOG_FORMAT}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "chosen"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django-q": {"level": "WARNING"},
        "httpx2": {"level": "WARNING"},
        "httpcore2": {"level": "WARNING"},
        "waitress.queue": {"level": "ERROR"},  # a line for each request that waits for a thread
        # The web server's own lines in the same form.
        "gunicorn.error": {"handlers": [], "propagate": True},
        "gunicorn.access": {"handlers": [], "propagate": True},
    },
}

# Where the end of the audit chain is told outside of the database; `manage.py check_audit` compares. Empty: nowhere.
AUDIT_ANCHORS = env.str("AUDIT_ANCHORS", default=str(DATA_DIR / "audit-anchors.jsonl"))

# Where requests are counted, for all web servers of this host that name it. Empty: for those of one server.
RATES_FILE = env.str("RATES_FILE", default=str(DATA_DIR / "rates"))

# What a site plugs in, by dotted path.
WORKFLOW_MODULES = env.list("WORKFLOW_MODULES", default=["subscriptions.workflows.builtin"])
# Limits of an external system when a step names it first, such as {"inventory": {"max_concurrent": 4,
# "failure_threshold": 5, "cool_down_seconds": 30.0}}; afterwards they are set in the admin.
# Without an entry: half of WORKERS, 5 failures, 30 seconds.
EXTERNAL_SYSTEMS: dict[str, dict[str, float | None]] = {}
INVENTORY_URL = env.str("INVENTORY_URL", default="http://127.0.0.1:8124")  # the demo's
INVENTORY_TOKEN = env.str("INVENTORY_TOKEN", default="")
# hook(product, old, new, by): move what was delivered
CATALOGUE_CHANGE_HOOKS = env.list("CATALOGUE_CHANGE_HOOKS", default=["subscriptions.actions.catalogue_changed"])
# hook(product): refuse its end of life
CATALOGUE_RETIRE_HOOKS = env.list("CATALOGUE_RETIRE_HOOKS", default=["subscriptions.actions.catalogue_retired"])
# impact(product, schema): sentences for the modeller
CATALOGUE_IMPACT = env.str("CATALOGUE_IMPACT", default="subscriptions.actions.impact")
# format of a form's field: the page that suggests what it may be, where there is too much to list
FORM_SEARCHES = {
    "customerId": "subscriptions:customer-options",
    "subscriptionId": "subscriptions:options",
    "blockInstanceId": "subscriptions:block-options",
}
# decide(user, action, subject) -> Decision, and rows(user, model) -> Q or None: who may do what, and see which rows
ACCESS_DECIDE = env.str("ACCESS_DECIDE", default="processes.access.policy.decide")
ACCESS_ROWS = env.str("ACCESS_ROWS", default="processes.access.policy.rows")
# What grants can speak of.
ACCESS_KINDS = {
    name: f"subscriptions.queries.kinds.{name.upper()}"
    for name in ("process", "subscription", "product", "customer", "workflow")
}
# secret(name) -> text or None: what a step asks for by `StepContext.secret(name)`
STEP_SECRETS = env.str("STEP_SECRETS", default="processes.plugins.secrets.from_files")
STEP_SECRETS_DIRECTORY = env.str("STEP_SECRETS_DIRECTORY", default="/run/secrets")
# panel(kind, ids): label and address of what processes are about
PROCESS_PANELS = env.list("PROCESS_PANELS", default=["subscriptions.display.panels.subjects"])
# rows(kind, ids): the same in the words of REST; filters and sorts by name that lists of processes have because of it
SUBJECT_ROWS = env.list("SUBJECT_ROWS", default=["subscriptions.api.subjects.rows"])
SUBJECT_FILTERS = env.list("SUBJECT_FILTERS", default=["subscriptions.queries.of_processes.FILTERS"])
SUBJECT_SORTS = env.list("SUBJECT_SORTS", default=["subscriptions.queries.of_processes.SORTS"])
# panel(process_id, patches): what steps changed outside the state
STEP_PANELS = env.list("STEP_PANELS", default=["subscriptions.display.panels.changes"])
