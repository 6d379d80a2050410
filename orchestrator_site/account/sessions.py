"""Browser sessions of a person, with where they began and when they were last used; each can be ended by itself."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from orchestrator_site.models import ProviderSession, SignedInSession
from processes.access import audit, origin
from processes.engine.values.text import clean_text


def remember(request: HttpRequest, person: User) -> None:
    """Write down that this session is this person's, since the table of sessions does not say whose they are."""
    if not request.session.session_key:
        request.session.save()
    came = origin.current()
    now, address = timezone.now(), clean_text(came.address)[:64]
    began = {"started_at": now, "address": address, "last_used_at": now, "last_used_from": address}
    began |= {"user": person, "client": clean_text(came.client)[:200]}
    SignedInSession.objects.filter(user=person).exclude(session_key__in=_alive()).delete()
    SignedInSession.objects.update_or_create(session_key=request.session.session_key, defaults=began)


def of_person(person: User) -> QuerySet[SignedInSession]:
    """The sessions that go on, the newest first."""
    return SignedInSession.objects.filter(user=person, session_key__in=_alive()).order_by("-started_at", "-pk")


def _alive() -> Any:
    return Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")


def end(person: User, sessions: Sequence[SignedInSession], *, by: str, reason: str = "") -> int:
    """End these sessions of a person; how many there were."""
    keys = [session.session_key for session in sessions]
    if keys:
        with transaction.atomic():
            _forget(keys)
            detail = {"number": len(keys)}
            audit.record("sessions_ended", by=by, kind="user", subject=person.pk, detail=detail, reason=reason)
    return len(keys)


def forget_all(person: User) -> None:
    """End every session of a person, as a consequence of something that is recorded by itself."""
    _forget(list(SignedInSession.objects.filter(user=person).values_list("session_key", flat=True)))


def forget(session_key: str) -> None:
    """Somebody has signed out."""
    SignedInSession.objects.filter(session_key=session_key).delete()


def _forget(keys: list[Any]) -> None:
    Session.objects.filter(session_key__in=keys).delete()
    ProviderSession.objects.filter(session_key__in=keys).delete()
    SignedInSession.objects.filter(session_key__in=keys).delete()
