"""What lists of processes say of subscriptions: their present description, and the way to their page."""

from collections.abc import Mapping
from uuid import UUID

from django.urls import reverse

from processes.panels import SubjectLink
from subscriptions.models import Subscription
from subscriptions.session import SUBJECT


def subjects(kind: str, ids: list[str]) -> Mapping[str, SubjectLink]:
    """Label and address by id, in one query; nothing for other kinds and for what is gone."""
    if kind != SUBJECT:
        return {}
    rows = Subscription.objects.filter(pk__in=[UUID(one) for one in ids]).values_list("id", "description")
    return {
        str(pk): SubjectLink(label=description, url=reverse("subscriptions:detail", args=[pk]))
        for pk, description in rows
    }
