"""The filters of a list of processes: one set for the page, and the same for REST with several values a field."""

from itertools import takewhile
from typing import Any
from uuid import UUID

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.forms import MultipleChoiceField

from processes.access import error_texts
from processes.access.viewer import seen
from processes.engine.values.status import ENDED_STATUSES, FAILED_STATUSES, ProcessStatus, Target
from processes.lists.filters import FlagFilter, MomentFilter, PeriodFilter, PrefixFilter, TextFilter, WordsFilter
from processes.models import Process, ProcessSubject, Workflow
from processes.plugins import subjects
from processes.queries.workflows import workflow_id

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


class AnyCaseField(MultipleChoiceField):
    """Words that are choices in small letters, however they are written."""

    def to_python(self, value: Any) -> list[str]:
        words: list[str] = super().to_python(value)
        return [word.lower() for word in words]


class AnyCaseFilter(django_filters.MultipleChoiceFilter):
    """By words of a closed set, several at once; the Workflow Orchestrator writes targets in capitals."""

    field_class = AnyCaseField


class ProcessApiFilter(ProcessFilter):
    """The same for programs: fields may be given several times, and more of them.

    What a process has because of its subjects is what `settings.SUBJECT_FILTERS` names.
    """

    status = django_filters.MultipleChoiceFilter(choices=STATUS_CHOICES, distinct=False)
    workflow = django_filters.MultipleChoiceFilter(field_name="workflow_name", choices=workflow_choices, distinct=False)
    target = AnyCaseFilter(choices=TARGET_CHOICES, distinct=False)
    workflow_id = django_filters.UUIDFilter(method="by_workflow")
    process_id = PrefixFilter(field_name="pk")
    subscription_id = PrefixFilter(method="by_subscription")
    customer = TextFilter(method="by_subject")
    customer_id = TextFilter(method="by_subject")
    product = TextFilter(method="by_subject")
    product_id = TextFilter(method="by_subject")
    product_description = TextFilter(method="by_subject")
    product_type = TextFilter(method="by_subject")
    tag = TextFilter(method="by_subject")
    is_task = FlagFilter()
    assignee = TextFilter()
    last_step = TextFilter()
    note = TextFilter(lookup_expr="icontains")
    failed_reason = TextFilter(method="by_reason")
    started_at = PeriodFilter()
    last_modified_at = PeriodFilter()
    ended_at = PeriodFilter()
    started_after = MomentFilter(field_name="started_at", lookup_expr="gte")
    started_before = MomentFilter(field_name="started_at", lookup_expr="lt")

    def by_subscription(self, found: QuerySet[Process], name: str, value: tuple[UUID, UUID]) -> QuerySet[Process]:
        """The id of a subscription, or its beginning: the first and the last id that begin so."""
        first, last = map(str, value)
        if first == last:
            return found.filter(_about(kind="subscription", subject_id=first))
        beginning = "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=True)))
        return found.filter(_about(kind="subscription", subject_id__startswith=beginning))

    def by_workflow(self, found: QuerySet[Process], name: str, value: UUID) -> QuerySet[Process]:
        names = Workflow.objects.values_list("name", flat=True)
        return found.filter(workflow_name__in=[one for one in names if workflow_id(one) == value])

    def by_subject(self, found: QuerySet[Process], name: str, value: str) -> QuerySet[Process]:
        """What the site's filter of this name finds; nothing where it has none."""
        of_subjects = subjects.filters().get(name)
        return found.filter(of_subjects(value)) if of_subjects else found.none()

    def by_reason(self, found: QuerySet[Process], name: str, value: str) -> QuerySet[Process]:
        """Words of the reason of a failure, for those who may read it."""
        return found.filter(failed_reason__icontains=value) if error_texts.are_shown() else found.none()


def _about(**wanted: Any) -> Q:
    return Q(Exists(ProcessSubject.objects.filter(process=OuterRef("pk"), **wanted)))
