"""Browser sessions that the identity provider vouches for: asked server to server, within `OIDC_RENEW_SECONDS`.

A session that is due is renewed by one of the requests that notice; the others go on, and wait for it only when the
time is up. While the provider is silent sessions go on for `OIDC_GRACE_SECONDS`, and it is asked again now and then.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from orchestrator_site.auth import identities
from orchestrator_site.auth.claims import claims_of_renewal
from orchestrator_site.auth.provider import grants
from orchestrator_site.auth.provider.configuration import Provider
from orchestrator_site.auth.provider.errors import GrantRefused, ProviderSilent, TokenRefused
from orchestrator_site.auth.provider.secrets import opened, sealed
from orchestrator_site.models import Identity, ProviderSession
from processes.access import audit

logger = logging.getLogger(__name__)
EARLY = 0.8
"""Of the time that a session may go on unasked: from then on somebody asks, so that nobody has to wait."""
RENEWING = timedelta(seconds=20)
RETRY = timedelta(seconds=15)
LOOK_SECONDS = 0.05
WAIT_SECONDS = 6.0


class Verdict(Enum):
    """What the provider says of a session."""

    VOUCHED = auto()
    SILENT = auto()
    ENDED = auto()


@dataclass(frozen=True)
class Vouch:
    """What is said of a session, and until when nobody need ask again (or, of a silent provider, how long it lasts)."""

    verdict: Verdict
    until: datetime


def begin(session_key: str, identity: Identity, tokens: grants.Tokens, claims: Mapping[str, Any]) -> datetime:
    """Remember that the provider vouches for this session; until when."""
    now = timezone.now()
    ProviderSession.objects.filter(started_at__lte=_oldest()).delete()
    ProviderSession.objects.update_or_create(
        session_key=session_key,
        defaults={
            "identity": identity,
            "sid": str(claims.get("sid") or ""),
            "acr": str(claims.get("acr") or "")[:255],
            "refresh_token": sealed(tokens.refresh_token),
            "id_token": sealed(tokens.id_token),
            "started_at": now,
            "vouched_at": now,
            "renewing_until": None,
            "silent_since": None,
        },
    )
    return _due_at(now)


def check(provider: Provider, session_key: str) -> Vouch:
    """What the provider says of a session now; asks it when that is due."""
    row = _row(provider, session_key)
    now = timezone.now()
    if row is None:
        return Vouch(Verdict.ENDED, now)
    if now < _due_at(row.vouched_at):
        return Vouch(Verdict.VOUCHED, _due_at(row.vouched_at))
    if _claim(row, now):
        return _renew(provider, row)
    if row.silent_since is None and now >= _deadline(row):
        return _after_another(provider, row)
    return _unasked(row, now)


def _row(provider: Provider, session_key: str) -> ProviderSession | None:
    sessions = ProviderSession.objects.select_related("identity__user").filter(started_at__gt=_oldest())
    return sessions.filter(session_key=session_key, identity__issuer=provider.issuer).first()


def _claim(row: ProviderSession, now: datetime) -> bool:
    """Whether it is this request that asks the provider; of several at once it is one."""
    free = Q(renewing_until=None) | Q(renewing_until__lte=now)
    mine = ProviderSession.objects.filter(free, pk=row.pk, vouched_at=row.vouched_at)
    return mine.update(renewing_until=now + RENEWING) == 1


def _renew(provider: Provider, row: ProviderSession) -> Vouch:
    now = timezone.now()
    try:
        token = opened(row.refresh_token)
        if not token:
            raise GrantRefused
        tokens = grants.refreshed(provider, token)
        _keep(row, tokens)
        claims = claims_of_renewal(provider, tokens, subject=row.identity.subject)
    except ProviderSilent:
        return _silent(row)
    except (GrantRefused, TokenRefused) as error:
        logger.info("A session is no longer vouched for: %s", error or type(error).__name__)
        end(ProviderSession.objects.filter(pk=row.pk), reason="provider")
        return Vouch(Verdict.ENDED, now)
    identities.signed_in(provider, claims)
    ProviderSession.objects.filter(pk=row.pk).update(vouched_at=now, renewing_until=None, silent_since=None)
    return Vouch(Verdict.VOUCHED, _due_at(now))


def _keep(row: ProviderSession, tokens: grants.Tokens) -> None:
    """Store the new refresh token before anything else can go wrong: the old one may be worth nothing by now."""
    kept = {"refresh_token": sealed(tokens.refresh_token)}
    if tokens.id_token:
        kept["id_token"] = sealed(tokens.id_token)
    ProviderSession.objects.filter(pk=row.pk).update(**kept)


def _silent(row: ProviderSession) -> Vouch:
    now = timezone.now()
    ProviderSession.objects.filter(pk=row.pk).update(
        renewing_until=now + RETRY, silent_since=Coalesce("silent_since", now)
    )
    row.silent_since = row.silent_since or now
    return _unasked(row, now)


def _unasked(row: ProviderSession, now: datetime) -> Vouch:
    """What holds of a session that this request does not ask about."""
    ends_at = _deadline(row) + timedelta(seconds=settings.OIDC_GRACE_SECONDS)
    if now >= ends_at:
        end(ProviderSession.objects.filter(pk=row.pk), reason="provider silent")
        return Vouch(Verdict.ENDED, now)
    if row.silent_since is None:
        return Vouch(Verdict.VOUCHED, now)
    return Vouch(Verdict.SILENT, ends_at)


def _after_another(provider: Provider, row: ProviderSession) -> Vouch:
    """Wait for the request that asks about the same session; what it learned."""
    give_up_at = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < give_up_at:
        time.sleep(LOOK_SECONDS)
        seen = _row(provider, row.session_key)
        if seen is None:
            return Vouch(Verdict.ENDED, timezone.now())
        if seen.renewing_until is None or seen.silent_since is not None:
            return _unasked(seen, timezone.now())
    return _unasked(row, timezone.now())


def _oldest() -> datetime:
    """When a session began that ends now, however often it was vouched for."""
    return timezone.now() - timedelta(seconds=settings.SESSION_COOKIE_AGE)


def _due_at(vouched_at: datetime) -> datetime:
    return vouched_at + timedelta(seconds=settings.OIDC_RENEW_SECONDS * EARLY)


def _deadline(row: ProviderSession) -> datetime:
    return row.vouched_at + timedelta(seconds=settings.OIDC_RENEW_SECONDS)


@transaction.atomic
def end(sessions: "QuerySet[ProviderSession]", *, reason: str) -> int:
    """End these sessions now, wherever they are open; how many there were. Ends nothing twice."""
    rows = list(sessions.select_related("identity__user"))
    Session.objects.filter(pk__in=[row.session_key for row in rows]).delete()
    ProviderSession.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        user = row.identity.user
        audit.record("session_ended", by=user.username, kind="user", subject=user.pk, detail={"reason": reason})
    return len(rows)


def forget(session_key: str | None) -> str:
    """Forget a session whose owner signs out here; its ID token, for the provider, or nothing."""
    row = ProviderSession.objects.filter(session_key=session_key or "").first()
    if row is None:
        return ""
    row.delete()
    return opened(row.id_token)
