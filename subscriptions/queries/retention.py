"""Which versions of subscriptions are old enough to go, and which processes their history still names."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from processes.plugins.retention import Keys, RetainedKind
from subscriptions.models import SubscriptionVersion, Validation


def _superseded(before: datetime) -> QuerySet[SubscriptionVersion]:
    """Versions from before then that a later one, which is as old and whole, stands in for; the first ones stay.

    So what each subscription was at that moment, and is since, can be told, and who ordered it.
    """
    later = SubscriptionVersion.objects.order_by().filter(
        subscription=OuterRef("subscription"), number__gt=OuterRef("number"), at__lt=before, tree__isnull=False
    )
    return SubscriptionVersion.objects.filter(Exists(later), at__lt=before, number__gt=1)


def processes_named(keys: Keys) -> set[Any]:
    """Those of these processes that a version or a validation of a subscription names."""
    versions = SubscriptionVersion.objects.filter(process_id__in=keys).values_list("process_id", flat=True)
    validations = Validation.objects.filter(process_id__in=keys).values_list("process_id", flat=True)
    return {*versions.order_by(), *validations.order_by()}


KINDS: Sequence[RetainedKind] = (
    RetainedKind("versions", "Old versions of subscriptions", _superseded, "at", order="id"),
)
