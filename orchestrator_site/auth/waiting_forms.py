"""Forms that wait here, sealed, while whoever typed them is at the identity provider.

Who is not signed in may store little: a few forms a person whom the browser names, each for an hour. The oldest make
room.
"""

from datetime import timedelta
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from orchestrator_site.auth import kept_posts
from orchestrator_site.auth.kept_posts import KeptPost
from orchestrator_site.models import WaitingForm

WAITS_FOR = timedelta(hours=1)
MOST_OF_ONE = 5


@transaction.atomic
def put(token: str) -> str:
    """Let what a page carried wait; its id, or nothing where it is no form of ours."""
    kept = kept_posts.opened(token)
    if kept is None:
        return ""
    WaitingForm.objects.filter(at__lt=timezone.now() - WAITS_FOR).delete()
    person = User.objects.filter(pk=kept.person).first()
    if person is None:
        return ""
    row = WaitingForm.objects.create(user=person, sealed=token)
    same = WaitingForm.objects.filter(user=person).order_by("-at", "-pk").values_list("pk", flat=True)
    WaitingForm.objects.filter(pk__in=list(same[MOST_OF_ONE:])).delete()
    return str(row.pk)


def sealed(form_id: str) -> str:
    """The form again as a page carries it, for another try to sign in; nothing where it no longer waits."""
    row = _found(form_id)
    return row.sealed if row else ""


def is_of(form_id: str, user: User) -> bool:
    """Whether it waits for this person."""
    row = _found(form_id)
    return row is not None and row.user_id == user.pk


def of(form_id: UUID, user: User) -> KeptPost | None:
    """What this person typed; None where it no longer waits."""
    row = _found(str(form_id))
    return kept_posts.opened(row.sealed) if row is not None and row.user_id == user.pk else None


def _found(form_id: str) -> WaitingForm | None:
    if not form_id:
        return None
    return WaitingForm.objects.filter(pk=form_id, at__gte=timezone.now() - WAITS_FOR).first()
