"""The users that the identity provider speaks of: found by issuer and subject, made once, and kept as it names them.

A bearer token gives rights to its own request and changes nothing that is kept; a sign-in writes roles and names down.
"""

import json
import secrets
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import IntegrityError, transaction
from django.utils import timezone

from orchestrator_site.auth.names import reason_against
from orchestrator_site.auth.people import known_by
from orchestrator_site.auth.provider.configuration import Provider
from orchestrator_site.auth.rules import groups_in, managed_groups
from orchestrator_site.models import Identity
from processes.access import audit
from processes.access.grants import know_no_grants
from processes.access.permissions import Rights, give_rights
from processes.engine.values.text import clean_text

TRIES = 5
"""Of making somebody whom other requests make too, or whose name others take."""


OF_THE_TOKEN = frozenset({"exp", "iat", "nbf", "jti", "nonce", "at_hash", "auth_time", "sid", "typ", "allowed-origins"})
LONGEST_NAME = 150
MOST_CLAIMS = 50_000  # characters


class NameTaken(Exception):
    """Every name that was tried for a new person is another's."""


def bearer(provider: Provider, claims: Mapping[str, Any]) -> User:
    """The user of an access token, with the rights of that token alone.

    Who gets no role and no group is not made: the user who is answered then is stored nowhere.
    """
    client = str(claims.get("azp") or claims.get("client_id") or "")
    known = known_by(provider, claims)
    rights = Rights(known.groups, client=client, acr=str(claims.get("acr") or ""))
    if known.user is None and not rights.groups:
        user = User(username=_wanted_name(claims))
    else:
        user = known.user or _made(provider, claims).user
    give_rights(user, rights)
    if not known.has_grants:
        know_no_grants(user)
    return user


def signed_in(provider: Provider, claims: Mapping[str, Any]) -> Identity:
    """The identity of somebody who signs in, or whose session is vouched for: roles and names as these claims say.

    What the claims do not tell at all is taken from the directory, when that is read.
    """
    identity = _known(provider, claims) or _made(provider, claims)
    known = identity.directory if settings.OIDC_DIRECTORY else {}
    _take_over(provider, identity, {**known, **claims})
    now = timezone.now()
    Identity.objects.filter(pk=identity.pk).update(last_seen_at=now, claims=_kept(claims), claims_at=now)
    return identity


def listed(provider: Provider, claims: Mapping[str, Any]) -> bool:
    """Take over what the directory says of somebody, made when there is nobody yet; whether anything changed."""
    identity = _known(provider, claims)
    is_new = identity is None
    identity = identity or _made(provider, claims)
    changed = _take_over(provider, identity, {**identity.claims, **claims})
    Identity.objects.filter(pk=identity.pk).update(directory=_kept(claims), claims_at=timezone.now())
    return changed or is_new


def _take_over(provider: Provider, identity: Identity, claims: Mapping[str, Any]) -> bool:
    named = _set_names(identity.user, claims)
    return set_groups(identity.user, groups_in(provider, claims)) or named


def _kept(claims: Mapping[str, Any]) -> dict[str, Any]:
    """What is worth keeping of claims: what they say of the person, unless that is too much."""
    kept = {name: value for name, value in claims.items() if name not in OF_THE_TOKEN}
    cleaned: dict[str, Any] = _clean(kept)
    return cleaned if len(json.dumps(cleaned)) <= MOST_CLAIMS else {}


def client_of(claims: Mapping[str, Any]) -> str:
    """The program whose own account a token is of (client credentials); empty for a person's.

    RFC 9068 section 2.2 gives it the same subject as client; Keycloak a user name, and no session.
    """
    client = str(claims.get("client_id") or claims.get("azp") or "")
    own_name = claims.get("preferred_username") == f"service-account-{client}" and "sid" not in claims
    return client[:255] if client and (own_name or claims.get("sub") == client) else ""


def _known(provider: Provider, claims: Mapping[str, Any]) -> Identity | None:
    found = Identity.objects.select_related("user").filter(issuer=provider.issuer, subject=claims["sub"])
    return found.first()


def _made(provider: Provider, claims: Mapping[str, Any]) -> Identity:
    """The identity of somebody new; of several requests that bring the same person at once, one makes the row."""
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                user = User.objects.create_user(_free_name(claims), **_names(claims))
                return Identity.objects.create(
                    issuer=provider.issuer,
                    subject=claims["sub"],
                    user=user,
                    client=client_of(claims),
                    last_seen_at=timezone.now(),
                )
        except IntegrityError:
            if identity := _known(provider, claims):
                return identity
    raise NameTaken(_wanted_name(claims))


def _wanted_name(claims: Mapping[str, Any]) -> str:
    for claim in ("preferred_username", "sub"):
        name = User.normalize_username(clean_text(str(claims.get(claim) or ""))).strip()[:100]
        if name:
            return name
    return "nameless"


def _free_name(claims: Mapping[str, Any]) -> str:
    """The name that people know somebody by, unless a local account or another person has it, or nobody may."""
    wanted = _wanted_name(claims)
    fit: tuple[str, ...] = () if reason_against(wanted) else (wanted,)
    for name in (*fit, f"{wanted}-{claims['sub']}"):
        if len(name) <= LONGEST_NAME and not User.objects.filter(username__iexact=name).exists():
            return name
    return f"{wanted}-{secrets.token_hex(8)}"


def _names(claims: Mapping[str, Any]) -> dict[str, str]:
    """What people are called, and their mail: for reading only, nobody is known by it."""
    told = {claim: clean_text(str(claims.get(claim) or "")) for claim in ("given_name", "family_name", "email")}
    return {
        "first_name": told["given_name"][:150],
        "last_name": told["family_name"][:150],
        "email": told["email"][:254],
    }


def _set_names(user: User, claims: Mapping[str, Any]) -> bool:
    """Take over names and mail where the provider tells them anew; the user name stays, since acts stand under it."""
    changed = [field for field, value in _names(claims).items() if value and value != getattr(user, field)]
    for field in changed:
        setattr(user, field, _names(claims)[field])
    if changed:
        user.save(update_fields=changed)
    return bool(changed)


@transaction.atomic
def set_groups(
    user: User,
    groups: frozenset[str],
    *,
    also: frozenset[str] = frozenset(),
    by: str = "",
    reason: str = "The provider says so.",
) -> bool:
    """Make the groups that the provider decides on equal to `groups`, others stay; whether any changed.

    `also` are groups that it decided on until now.
    """
    held = set(user.groups.filter(name__in=managed_groups() | also).values_list("name", flat=True))
    if held == groups:
        return False
    user.groups.remove(*Group.objects.filter(name__in=held - groups))
    user.groups.add(*(Group.objects.get_or_create(name=name)[0] for name in groups - held))
    changes = {"groups": {"from": sorted(held), "to": sorted(groups)}}
    detail = {"name": user.username, "changes": changes}
    audit.record("user_changed", by=by, kind="user", subject=user.pk, detail=detail, reason=reason)
    return True


def _clean(value: Any) -> Any:
    """Claims with texts that every database takes."""
    match value:
        case str():
            return clean_text(value)
        case dict():
            return {clean_text(str(key)): _clean(inner) for key, inner in value.items()}
        case list():
            return [_clean(inner) for inner in value]
        case float():
            return str(value)
        case _:
            return value
