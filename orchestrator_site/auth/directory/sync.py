"""Take over what the directory says of everybody: roles and names, and that somebody is disabled or gone."""

import logging
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from orchestrator_site.auth import identities, vouching
from orchestrator_site.auth.directory.keycloak import Directory, Missed, NotAllowed, Person
from orchestrator_site.auth.provider.configuration import Provider
from orchestrator_site.auth.provider.errors import ProviderSilent
from orchestrator_site.auth.rules import groups_in
from orchestrator_site.models import DirectorySync, Identity, ProviderSession
from processes.access import audit

logger = logging.getLogger(__name__)
ABANDONED = timedelta(hours=1)
KEPT_RUNS = 100


class AlreadyRunning(Exception):
    """Another sync is running."""


@dataclass
class Result:
    """What a sync did: people seen, changed, disabled or gone, and how many could not be read."""

    seen: int = 0
    changed: int = 0
    closed: int = 0
    failed: int = 0
    error: str = ""


def sync(provider: Provider) -> Result:
    """Read the whole directory and take it over; what could not be read stays as it is. Raises `AlreadyRunning`."""
    run = _begin()
    result = Result()
    subjects: set[str] = set()
    try:
        directory = Directory(provider)
        for told in directory.people():
            _take_over(provider, told, result, subjects)
        if not subjects and not result.failed:
            raise NotAllowed("The directory lists nobody: the service account may lack the role view-users.")
        if not result.failed:
            unseen = _unseen(provider, subjects)
            result.closed += sum(_close(identity) for identity in unseen if not directory.has(identity.subject))
    except (NotAllowed, ProviderSilent) as error:
        result.error = str(error)
        logger.warning("The directory was not read to the end: %s", error)
    finally:
        DirectorySync.objects.filter(pk=run.pk).update(ended_at=timezone.now(), **asdict(result))
    return result


@transaction.atomic
def _begin() -> DirectorySync:
    now = timezone.now()
    if DirectorySync.objects.filter(ended_at=None, started_at__gt=now - ABANDONED).exists():
        raise AlreadyRunning
    kept = DirectorySync.objects.order_by("-pk").values_list("pk", flat=True)[:KEPT_RUNS]
    DirectorySync.objects.exclude(pk__in=list(kept)).delete()
    return DirectorySync.objects.create(started_at=now)


def _take_over(provider: Provider, told: Person | Missed, result: Result, subjects: set[str]) -> None:
    if isinstance(told, Missed):
        result.failed += 1
        logger.warning("The directory does not tell %s", told.what)
        return
    result.seen += 1
    subjects.add(told.claims["sub"])
    identity = (
        Identity.objects.select_related("user").filter(issuer=provider.issuer, subject=told.claims["sub"]).first()
    )
    if not told.enabled:
        result.closed += _close(identity) if identity else 0
        return
    if identity is None and not groups_in(provider, told.claims):
        return  # nobody who may do nothing is made
    result.changed += identities.listed(provider, told.claims)


def _unseen(provider: Provider, subjects: set[str]) -> list[Identity]:
    """People whom the directory no longer has; programs are not listed there."""
    known = Identity.objects.select_related("user").filter(issuer=provider.issuer, client="")
    return [identity for identity in known if identity.subject not in subjects]


@transaction.atomic
def _close(identity: Identity) -> bool:
    """Take the roles of somebody who is disabled or gone, and end the sessions; whether there was anything to take."""
    user: User = identity.user
    ended = vouching.end(ProviderSession.objects.filter(identity=identity), reason="directory")
    Identity.objects.filter(pk=identity.pk).update(claims={}, directory={}, claims_at=timezone.now())
    if not identities.set_groups(user, frozenset()) and not ended:
        return False
    audit.record("user_closed", by="directory", kind="user", subject=user.pk, detail={"name": user.username})
    return True
