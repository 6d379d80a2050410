"""Sign-in settings: local passwords always, Keycloak (or another OpenID provider) when OIDC_ISSUER names one.

Names that begin with OIDC_RP or OIDC_OP are those of mozilla-django-oidc.
"""

from urllib.parse import urlsplit

import environ

_env = environ.Env()


def _either(name: str) -> str:
    return str(_env.str(f"OIDC_{name}", default="") or _env.str(f"KEYCLOAK_{name}", default=""))


def origin_of(address: str) -> str:
    """Scheme and host of an address, as a Content-Security-Policy names it."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


OIDC_ISSUER = _either("ISSUER")  # as it stands in tokens, some with a slash at the end
if "/realms/" in OIDC_ISSUER:  # Keycloak's never have one
    OIDC_ISSUER = OIDC_ISSUER.rstrip("/")
OIDC_ENABLED = bool(OIDC_ISSUER)

AUTHENTICATION_BACKENDS = ["orchestrator_site.auth.local.LocalBackend"]
if OIDC_ENABLED:
    AUTHENTICATION_BACKENDS.insert(0, "orchestrator_site.auth.oidc.KeycloakBackend")

OIDC_RP_CLIENT_ID = _either("CLIENT_ID")
OIDC_RP_CLIENT_SECRET = _either("CLIENT_SECRET")
OIDC_AUDIENCE = _either("AUDIENCE") or OIDC_RP_CLIENT_ID
OIDC_CLIENTS: list[str] = _env.list("OIDC_CLIENTS", default=[OIDC_RP_CLIENT_ID])
OIDC_ROLE_PREFIX: str = _env.str("OIDC_ROLE_PREFIX", default="")

OIDC_RP_SIGN_ALGO = "RS256"  # for the library only; provider.keys says which algorithms are accepted
OIDC_RP_SCOPES: str = _env.str("OIDC_SCOPES", default="openid email profile")
# Empty ones are read from the provider's description, <issuer>/.well-known/openid-configuration.
OIDC_OP_AUTHORIZATION_ENDPOINT: str = _env.str("OIDC_AUTHORIZATION_ENDPOINT", default="")
OIDC_OP_TOKEN_ENDPOINT: str = _env.str("OIDC_TOKEN_ENDPOINT", default="")
OIDC_OP_USER_ENDPOINT: str = _env.str("OIDC_USER_ENDPOINT", default="")
OIDC_OP_JWKS_ENDPOINT: str = _env.str("OIDC_JWKS_ENDPOINT", default="")
OIDC_OP_LOGOUT_ENDPOINT: str = _env.str("OIDC_LOGOUT_ENDPOINT", default="")
OIDC_CA_BUNDLE: str = _env.str("OIDC_CA_BUNDLE", default="")  # a file of certificates; empty: the usual ones
OIDC_USERINFO: bool = _env.bool("OIDC_USERINFO", default=False)  # ask UserInfo too, where tokens do not tell groups
OIDC_USE_PKCE = True
OIDC_TIMEOUT = 5  # seconds
OIDC_RENEW_SECONDS: int = _env.int("OIDC_RENEW_SECONDS", default=300)  # a session is vouched for at least so often
OIDC_GRACE_SECONDS: int = _env.int("OIDC_GRACE_SECONDS", default=1800)  # and goes on so long while nobody answers
OIDC_BEARER_SECONDS: int = _env.int("OIDC_BEARER_SECONDS", default=3600)  # no access token counts longer than this

# Levels of a sign-in (acr) from the weakest to the strongest, and which one an act asks for: delete=gold,skip=silver
ACR_VALUES: list[str] = _env.list("OIDC_ACR_VALUES", default=[])
STEP_UP: dict[str, str] = _env.dict("OIDC_STEP_UP", default={})

# Whether people and groups are read from Keycloak's directory too (manage.py sync_directory), and where that is.
OIDC_DIRECTORY: bool = _env.bool("OIDC_DIRECTORY", default=False)
OIDC_DIRECTORY_URL: str = _env.str("OIDC_DIRECTORY_URL", default="")  # empty: beside the issuer, as Keycloak has it

# Who may still sign in with a password where there is a provider: anybody who has one, or these names alone.
LOCAL_SIGN_IN: bool = _env.bool("LOCAL_SIGN_IN", default=True)
BREAK_GLASS_USERS: list[str] = _env.list("BREAK_GLASS_USERS", default=[])

PROVIDER_ORIGINS = sorted({origin_of(address) for address in (OIDC_ISSUER, OIDC_OP_LOGOUT_ENDPOINT) if address})
