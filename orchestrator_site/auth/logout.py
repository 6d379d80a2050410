"""The provider ends sessions here: by its own call (back channel), or by a frame in somebody's browser (front channel).

OpenID Connect Back-Channel Logout 1.0 and Front-Channel Logout 1.0. Neither takes a cookie for a proof: the one needs a
token that the provider signed, the other the name of a session that nobody else knows.
"""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt

from orchestrator_site.auth import vouching
from orchestrator_site.auth.addresses import origin_of
from orchestrator_site.auth.provider import tokens
from orchestrator_site.auth.provider.configuration import Provider, configured
from orchestrator_site.auth.provider.errors import ProviderSilent, TokenRefused
from orchestrator_site.models import ProviderSession, SpentToken
from processes.engine.values.text import is_storable

logger = logging.getLogger(__name__)
REMEMBERED = timedelta(seconds=tokens.LOGOUT_LIFE_SECONDS + 2 * tokens.LEEWAY_SECONDS)


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class BackChannelLogout(View):
    """The provider's call: a signed token that names a session or a person."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        provider = _provider()
        try:
            claims = tokens.logout_claims(provider, request.POST.get("logout_token", ""))
            _obey(provider, claims)
        except TokenRefused as error:
            logger.warning("A logout was refused: %s", error)
            return JsonResponse({"error": "invalid_request", "error_description": str(error)}, status=400)
        except ProviderSilent as error:
            problem = {"error": "temporarily_unavailable", "error_description": str(error)}
            return JsonResponse(problem, status=503, headers={"Retry-After": "10"})
        return HttpResponse(status=200)


@method_decorator([never_cache, xframe_options_exempt], name="dispatch")
class FrontChannelLogout(View):
    """A frame on the provider's page of signing out: the address names issuer and session, and that must be both."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        provider = _provider()
        sid = request.GET.get("sid", "")
        if request.GET.get("iss") != provider.issuer or not sid or not is_storable(sid):
            return HttpResponse("The address must name issuer and session.", status=400, content_type="text/plain")
        _end(provider, sid=sid)
        response = HttpResponse("Signed out.", content_type="text/plain")
        response._csp_replace = {"frame-ancestors": [origin_of(provider.issuer)]}  # type: ignore[attr-defined]
        return response


@transaction.atomic
def _obey(provider: Provider, claims: dict[str, Any]) -> None:
    """Use a token up and end what it names, both or neither: the provider tries again. Raises `TokenRefused`."""
    _spend(provider, claims["jti"], datetime.fromtimestamp(tokens.issued_at(claims), UTC))
    _end(provider, sid=claims.get("sid", ""), subject=claims.get("sub", ""))


def _spend(provider: Provider, jti: str, issued_at: datetime) -> None:
    """Use up a token; raises `TokenRefused` when it was used before."""
    SpentToken.objects.filter(until__lt=timezone.now()).delete()
    try:
        with transaction.atomic():
            SpentToken.objects.create(issuer=provider.issuer, jti=jti, until=issued_at + REMEMBERED)
    except IntegrityError as error:
        raise TokenRefused("The token was used before.") from error


def _end(provider: Provider, *, sid: str, subject: str = "") -> None:
    """End the named session, or all of a person when no session is named."""
    sessions = ProviderSession.objects.filter(identity__issuer=provider.issuer)
    if subject:
        sessions = sessions.filter(identity__subject=subject)
    if sid:
        sessions = sessions.filter(sid=sid)
    vouching.end(sessions, reason="provider")


def _provider() -> Provider:
    provider = configured()
    if provider is None:
        raise Http404("This site has no identity provider.")
    return provider
