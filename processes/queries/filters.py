"""The filters of a list of processes: one set for the page, and the same for REST with several values a field."""

from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from processes.access import error_texts
from processes.access.viewer import seen
from processes.engine.values.status import ENDED_STATUSES, FAILED_STATUSES, ProcessStatus, Target
from processes.lists.filters import FlagFilter, MomentFilter, TextFilter, WordsFilter
from processes.models import Process, ProcessSubject, Workflow

_LABELS = {
    ProcessStatus.SUSPENDED: "Needs input",
    ProcessStatus.API_UNAVAILABLE: "API unavailable",
}
STATUS_CHOICES = [(one.value, _LABELS.get(one, one.value.replace("_", " ").capitalize())) for one in ProcessStatus]
TARGET_CHOICES = [(one.value, one.value.capitalize()) for one in Target]

VIEWS = {
    "active": Q(status__in=sorted(set(ProcessStatus) - ENDED_STATUSES)),
    "failed": Q(status__in=FAILED_STATUSES),
    "completed": Q(status__in=ENDED_STATUSES),
    "all": Q(),
}
"""The views of the list by name, each with what it shows."""


def workflow_choices() -> list[tuple[str, str]]:
    """Name and description of every workflow there ever was, as far as whoever looks may see it."""
    return list(seen(Workflow.objects.order_by("description")).values_list("name", "description"))


class ProcessFilter(django_filters.FilterSet):
    """What a person may narrow a list of processes by."""

    search = WordsFilter(method="by_words", label="Search")
    status = django_filters.ChoiceFilter(choices=STATUS_CHOICES, empty_label="Any", label="Status")
    workflow = django_filters.ChoiceFilter(
        field_name="workflow_name", choices=workflow_choices, empty_label="Any", label="Workflow"
    )
    target = django_filters.ChoiceFilter(choices=TARGET_CHOICES, empty_label="Any", label="Target")
    created_by = TextFilter(label="Started by")

    class Meta:
        model = Process
        fields: list[str] = []

    def by_words(self, found: QuerySet[Process], name: str, value: str) -> QuerySet[Process]:
        """Words of the workflow, its note, the person, the reason of a failure or a subject; or a whole id."""
        words = value.strip()
        try:
            return found.filter(Q(pk=UUID(words)) | _about(subject_id=str(UUID(words))))
        except ValueError:
            pass
        why = Q(failed_reason__icontains=words) if error_texts.are_shown() else Q()
        return found.filter(
            Q(workflow_name__icontains=words)
            | Q(workflow_version__workflow__description__icontains=words)
            | Q(note__icontains=words)
            | Q(created_by__icontains=words)
            | why
            | _about(label__icontains=words)
        )


class ProcessApiFilter(ProcessFilter):
    """The same for programs: fields may be given several times, and more of them."""

    status = django_filters.MultipleChoiceFilter(choices=STATUS_CHOICES, distinct=False)
    workflow = django_filters.MultipleChoiceFilter(field_name="workflow_name", choices=workflow_choices, distinct=False)
    target = django_filters.MultipleChoiceFilter(choices=TARGET_CHOICES, distinct=False)
    process_id = django_filters.UUIDFilter(field_name="pk")
    subscription_id = django_filters.UUIDFilter(method="by_subscription")
    is_task = FlagFilter()
    assignee = TextFilter()
    last_step = TextFilter()
    note = TextFilter(lookup_expr="icontains")
    started_after = MomentFilter(field_name="started_at", lookup_expr="gte")
    started_before = MomentFilter(field_name="started_at", lookup_expr="lt")

    def by_subscription(self, found: QuerySet[Process], name: str, value: UUID) -> QuerySet[Process]:
        return found.filter(_about(kind="subscription", subject_id=str(value)))


def _about(**wanted: Any) -> Q:
    return Q(Exists(ProcessSubject.objects.filter(process=OuterRef("pk"), **wanted)))
