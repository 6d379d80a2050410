"""Who calls the REST interface, and whether they may: token, bearer, basic or session; deny by default."""

from typing import Any

from django.contrib.auth.models import User
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from orchestrator_site.auth import identities, keycloak
from orchestrator_site.auth.people import holder_of
from processes.access.permissions import Action, decide


class KnoxToken(TokenAuthentication):
    """`Authorization: Token …`: who holds it, and the groups of that person, by one statement that is kept prepared."""

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


class Bearer(BaseAuthentication):
    """`Authorization: Bearer …`, an access token of Keycloak, checked here without asking it."""

    def authenticate(self, request: Request) -> tuple[User, dict[str, Any]] | None:
        provider = keycloak.configured()
        words = get_authorization_header(request).split()
        if provider is None or not words or words[0].lower() != b"bearer":
            return None
        if len(words) != 2:
            raise AuthenticationFailed('The Authorization header must be "Bearer" and one token.')
        try:
            claims = keycloak.access_claims(provider, words[1].decode("ascii", "replace"))
        except keycloak.TokenRefused as error:
            raise AuthenticationFailed(str(error)) from error
        user = identities.bearer(provider, claims)
        if not user.is_active:
            raise AuthenticationFailed("This account is disabled.")
        return user, claims

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class RolePermission(BasePermission):
    """Ask `processes.access.permissions` about the view's `action`; a view that names none is closed.

    A view whose methods differ has `actions`, a mapping of method to action.
    """

    message = "Permission denied."

    def has_permission(self, request: Request, view: Any) -> bool:
        wanted = getattr(view, "actions", {}).get(request.method) or getattr(view, "action", None)
        if request.method == "OPTIONS":
            wanted = Action.VIEW
        if not isinstance(wanted, Action):
            return False
        decision = decide(request.user, wanted)
        self.message = decision.reason
        return decision.allowed
