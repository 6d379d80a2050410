"""Sign-in settings: local passwords always, Keycloak (or another OpenID provider) when OIDC_ISSUER names one.

Names that begin with OIDC_RP or OIDC_OP are those of mozilla-django-oidc.
"""

from urllib.parse import urlsplit

import environ

_env = environ.Env()


def _either(name: str) -> str:
    return str(_env.str(f"OIDC_{name}", default="") or _env.str(f"KEYCLOAK_{name}", default="")).rstrip("/")


def origin_of(address: str) -> str:
    """Scheme and host of an address, as a Content-Security-Policy names it."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


OIDC_ISSUER = _either("ISSUER")
OIDC_ENABLED = bool(OIDC_ISSUER)
_realm = f"{OIDC_ISSUER}/protocol/openid-connect"

AUTHENTICATION_BACKENDS = ["orchestrator_site.auth.local.LocalBackend"]
if OIDC_ENABLED:
    AUTHENTICATION_BACKENDS.insert(0, "orchestrator_site.auth.oidc.KeycloakBackend")

OIDC_RP_CLIENT_ID = _either("CLIENT_ID")
OIDC_RP_CLIENT_SECRET = _either("CLIENT_SECRET")
OIDC_AUDIENCE = _either("AUDIENCE") or OIDC_RP_CLIENT_ID
OIDC_CLIENTS: list[str] = _env.list("OIDC_CLIENTS", default=[OIDC_RP_CLIENT_ID])
OIDC_ROLE_PREFIX: str = _env.str("OIDC_ROLE_PREFIX", default="")

OIDC_RP_SIGN_ALGO = "RS256"
OIDC_RP_SCOPES: str = _env.str("OIDC_SCOPES", default="openid email profile")
OIDC_OP_AUTHORIZATION_ENDPOINT: str = _env.str("OIDC_AUTHORIZATION_ENDPOINT", default=f"{_realm}/auth")
OIDC_OP_TOKEN_ENDPOINT: str = _env.str("OIDC_TOKEN_ENDPOINT", default=f"{_realm}/token")
OIDC_OP_USER_ENDPOINT: str = _env.str("OIDC_USER_ENDPOINT", default=f"{_realm}/userinfo")
OIDC_OP_JWKS_ENDPOINT: str = _env.str("OIDC_JWKS_ENDPOINT", default=f"{_realm}/certs")
OIDC_OP_LOGOUT_ENDPOINT: str = _env.str("OIDC_LOGOUT_ENDPOINT", default=f"{_realm}/logout")
OIDC_USE_PKCE = True
OIDC_TIMEOUT = 5  # seconds
OIDC_STORE_ID_TOKEN = True  # the hint that signs out at the provider as well
OIDC_RENEW_ID_TOKEN_EXPIRY_SECONDS: int = _env.int("OIDC_RENEW_SECONDS", default=300)
