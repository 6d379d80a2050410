"""Personal API tokens: made by a person for a program, with a name, a scope and an end; kept as digests (knox)."""

from collections.abc import Sequence
from datetime import timedelta

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from knox.models import AuthToken

from orchestrator_site.models import PersonalToken
from processes.access import audit
from processes.access.permissions import Denied, Rights, Scope
from processes.access.rights import SCOPES
from processes.engine.values.text import clean_text

MOST_DAYS = 365
MOST_TOKENS = 50
BY_SIGN_IN = "signed in over REST"


@transaction.atomic
def make(person: User, *, name: str, scope: Scope, life: timedelta) -> tuple[PersonalToken, str]:
    """A token of this person, and its text, which nobody can see again.

    Raises ValidationError for a life beyond `MOST_DAYS`. Of more than `MOST_TOKENS` the one that ends first is ended.
    """
    AuthToken.objects.filter(user=person, expiry__lt=timezone.now()).delete()
    if not timedelta(0) < life <= timedelta(days=MOST_DAYS):
        raise ValidationError(f"A token lasts at most {MOST_DAYS} days.")
    surplus = AuthToken.objects.filter(user=person).order_by("-expiry").values("pk")[MOST_TOKENS - 1 :]
    AuthToken.objects.filter(pk__in=[row["pk"] for row in surplus]).delete()
    made, text = AuthToken.objects.create(user=person, expiry=life)
    token = PersonalToken.objects.create(token=made, name=clean_text(name)[:100], scope=scope)
    detail = {"name": token.name, "scope": scope, "until": made.expiry}
    audit.record("token_made", by=person.username, kind="user", subject=person.pk, detail=detail)
    return token, text


def of_person(person: User) -> QuerySet[PersonalToken]:
    """The tokens that work now, the newest first."""
    return of_anybody().filter(token__user=person).order_by("-token__created", "-pk")


def of_anybody() -> QuerySet[PersonalToken]:
    """Every token that works now."""
    return PersonalToken.objects.filter(token__expiry__gt=timezone.now()).select_related("token__user")


def check_carries(rights: Rights, scope: Scope) -> None:
    """Raise Denied unless these rights are enough to make a token of this scope: it carries no more than they."""
    if not SCOPES[scope] <= SCOPES[rights.scope]:
        raise Denied(f"This token was made to {rights.scope}; it may not make a token to {scope}.")


@transaction.atomic
def end(person: User, tokens: Sequence[PersonalToken], *, by: str, reason: str = "") -> int:
    """End these tokens of a person; how many there were."""
    for token in tokens:
        detail = {"name": token.name}
        audit.record("token_ended", by=by, kind="user", subject=person.pk, detail=detail, reason=reason)
    AuthToken.objects.filter(user=person, personal__in=tokens).delete()
    return len(tokens)


@transaction.atomic
def end_all(person: User, *, by: str, reason: str) -> int:
    """End every token of a person, however it was made; how many there were. One row in the trail tells of them."""
    number: int = AuthToken.objects.filter(user=person).count()
    if number:
        AuthToken.objects.filter(user=person).delete()
        audit.record("tokens_ended", by=by, kind="user", subject=person.pk, detail={"number": number}, reason=reason)
    return number
