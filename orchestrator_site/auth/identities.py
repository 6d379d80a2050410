"""The users that the identity provider speaks of: found by issuer and subject, made once, and kept as it names them.

A bearer token gives rights to its own request and changes nothing that is kept; a sign-in writes roles and names down.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import IntegrityError, transaction
from django.utils import timezone

from orchestrator_site.auth.keycloak import Provider, roles_in
from orchestrator_site.models import Identity
from processes.access.permissions import ROLES, Rights, give_rights
from processes.engine.values.text import clean_text

TRIES = 5
"""Of making somebody whom other requests make too, or whose name others take."""


class NameTaken(Exception):
    """Every name that was tried for a new person is another's."""


def bearer(provider: Provider, claims: Mapping[str, Any]) -> User:
    """The user of an access token, with the rights of that token alone.

    Without a role nobody is made: the user who is answered then is stored nowhere.
    """
    rights = Rights(roles_in(provider, claims), client=str(claims.get("azp") or claims.get("client_id") or ""))
    identity = _known(provider, claims)
    if identity is None and not rights.roles:
        user = User(username=_wanted_name(claims))
    else:
        user = (identity or _made(provider, claims)).user
    give_rights(user, rights)
    return user


def signed_in(provider: Provider, claims: Mapping[str, Any]) -> Identity:
    """The identity of somebody who signs in, or whose session is vouched for: roles and names as these claims say."""
    identity = _known(provider, claims) or _made(provider, claims)
    set_roles(identity.user, roles_in(provider, claims))
    _set_names(identity.user, claims)
    Identity.objects.filter(pk=identity.pk).update(last_seen_at=timezone.now())
    return identity


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
                    issuer=provider.issuer, subject=claims["sub"], user=user, last_seen_at=timezone.now()
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
    """The name that people know somebody by, unless a local account or another person has it."""
    wanted = _wanted_name(claims)
    if not User.objects.filter(username__iexact=wanted).exists():
        return wanted
    return f"{wanted}-{claims['sub']}"[:150]


def _names(claims: Mapping[str, Any]) -> dict[str, str]:
    """What people are called, and their mail: for reading only, nobody is known by it."""
    told = {claim: clean_text(str(claims.get(claim) or "")) for claim in ("given_name", "family_name", "email")}
    return {
        "first_name": told["given_name"][:150],
        "last_name": told["family_name"][:150],
        "email": told["email"][:254],
    }


def _set_names(user: User, claims: Mapping[str, Any]) -> None:
    """Take over names and mail where the provider tells them anew; the user name stays, since acts stand under it."""
    changed = [field for field, value in _names(claims).items() if value and value != getattr(user, field)]
    for field in changed:
        setattr(user, field, _names(claims)[field])
    if changed:
        user.save(update_fields=changed)


@transaction.atomic
def set_roles(user: User, roles: frozenset[str]) -> None:
    """Make the groups that are roles equal to `roles`; other groups of the user stay."""
    held = set(user.groups.filter(name__in=ROLES).values_list("name", flat=True))
    if held == roles:
        return
    user.groups.remove(*Group.objects.filter(name__in=held - roles))
    user.groups.add(*(Group.objects.get_or_create(name=role)[0] for role in roles - held))
