"""Who calls the REST interface, and whether they may: token, bearer, basic or session; deny by default."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, User
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from rest_framework.authentication import (
    BaseAuthentication,
    BasicAuthentication,
    SessionAuthentication,
    get_authorization_header,
)
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from orchestrator_site.auth import identities
from orchestrator_site.auth.objects import named_by
from orchestrator_site.auth.people import holder_of
from orchestrator_site.auth.provider.configuration import configured
from orchestrator_site.auth.provider.errors import TokenRefused
from orchestrator_site.auth.provider.tokens import access_claims
from processes.access.permissions import Action, decide, refuse_unless
from processes.engine.values.text import is_storable


class KnoxToken(TokenAuthentication):
    """`Authorization: Token …`: who holds it, and the groups of that person, by one statement that is kept prepared."""

    def authenticate_header(self, request: Request) -> str:
        """What a caller without credentials is told: every way there is, since this one is asked first."""
        return 'Token, Bearer realm="api"' if configured() else "Token"

    def authenticate_credentials(self, token: bytes) -> tuple[User, AuthToken]:
        try:
            digest = hash_token(token.decode("ascii"))
        except ValueError as error:
            raise AuthenticationFailed("Invalid token.") from error
        user = holder_of(digest)
        if user is None:
            raise AuthenticationFailed("Invalid or expired token.")
        if not user.is_active:
            raise AuthenticationFailed("This account is disabled.")
        return user, AuthToken(digest=digest, user=user)


class InvalidToken(AuthenticationFailed):
    """A bearer token is refused; `challenge` says so in the words of RFC 6750 section 3."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        told = "".join(char for char in reason if char.isascii() and char.isprintable() and char not in '"\\')
        self.challenge = f'Bearer realm="api", error="invalid_token", error_description="{told}"'


class Basic(BasicAuthentication):
    """`Authorization: Basic …`: a name and a password, for a first try. No name has a character that is not stored."""

    def authenticate_credentials(
        self, userid: str, password: str, request: Request | None = None
    ) -> tuple[AbstractBaseUser, None]:
        if not is_storable(userid) or not is_storable(password):
            raise AuthenticationFailed("Invalid username/password.")
        return super().authenticate_credentials(userid, password, request)


class Bearer(BaseAuthentication):
    """`Authorization: Bearer …`, an access token of the identity provider, checked here without asking it."""

    def authenticate(self, request: Request) -> tuple[User, dict[str, Any]] | None:
        provider = configured()
        words = get_authorization_header(request).split()
        if provider is None or not words or words[0].lower() != b"bearer":
            return None
        if len(words) != 2:
            raise InvalidToken('The Authorization header must be "Bearer" and one token.')
        try:
            claims = access_claims(provider, words[1].decode("ascii", "replace"))
        except TokenRefused as error:
            raise InvalidToken(str(error)) from error
        user = identities.bearer(provider, claims)
        if not user.is_active:
            raise InvalidToken("This account is disabled.")
        return user, claims

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class BrowserSession(SessionAuthentication):
    """The session of the pages; says when the identity provider has ended it."""

    def authenticate(self, request: Request) -> Any:
        if getattr(request._request, "session_ended", False):
            raise AuthenticationFailed("Your session at the identity provider has ended. Sign in again.")
        return super().authenticate(request)


class RolePermission(BasePermission):
    """Ask `processes.access.permissions` about the view's `action`; a view that names none is closed.

    A view whose methods differ has `actions`, a mapping of method to action.
    """

    message = "Permission denied."

    def has_permission(self, request: Request, view: Any) -> bool:
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method not in view.allowed_methods:
            return bool(request.user and request.user.is_authenticated)  # 405 follows, to those who may ask
        wanted = getattr(view, "actions", {}).get(method) or getattr(view, "action", None)
        if method == "OPTIONS":
            wanted = Action.VIEW
        if not isinstance(wanted, Action):
            return False
        decision = decide(request.user, wanted, named_by(view.kwargs))
        if decision.step_up:
            refuse_unless(decision)
        self.message = decision.reason
        return decision.allowed
