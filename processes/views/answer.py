"""Answer a step that asks a person: the pages of its form, a check, and the answer."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from processes import actions, queries
from processes.access import permissions
from processes.access.permissions import Action
from processes.engine.binding import Meanwhile
from processes.forms import FormGenerator, drafts
from processes.lists.methods import require_form, require_POST
from processes.models import Process
from processes.views.detail import found
from processes.views.wizard import Wizard, shows_again

_ASKED = "_asked"
"""Under which name a draft and its pages keep the question that they answer."""


@require_form
def give_input(request: HttpRequest, process_id: UUID) -> HttpResponse:
    """Open a new draft for what a suspended process asks."""
    permissions.check(request.user, Action.RESUME, found(process_id))
    return redirect("processes:input-page", process_id, uuid4(), 0)


@shows_again
@require_form
def input_page(request: HttpRequest, process_id: UUID, draft_id: UUID, index: int) -> HttpResponse:
    return _wizard(request, process_id, draft_id).page(index)


@require_form
def input_check(request: HttpRequest, process_id: UUID, draft_id: UUID) -> HttpResponse:
    return _wizard(request, process_id, draft_id).check()


@require_POST
def input_cancel(request: HttpRequest, process_id: UUID, draft_id: UUID) -> HttpResponse:
    """Forget the answers."""
    drafts.discard(_wizard(request, process_id, draft_id).draft)
    return redirect("processes:detail", process_id)


class InputWizard(Wizard):
    """Fill in what a suspended process asks, and resume it."""

    template = "processes/process_input.html"
    checks_answers = False

    def __init__(self, request: HttpRequest, process: Process, draft_id: UUID) -> None:
        self.process = process
        super().__init__(request, draft_id)

    @property
    def operation(self) -> str:
        return f"resume:{self.process.pk}"

    @property
    def form(self) -> FormGenerator | None:
        if self.process.status != "suspended":
            raise actions.Refused(f"The process is {self.process.status}; it does not need input.")
        self._check_asked()
        return actions.question_of(self.process)

    @property
    def state(self) -> Mapping[str, Any]:
        return queries.current_state(self.process.pk)

    @property
    def asked(self) -> str:
        """Which question the process asks now: of which step, at which visit."""
        return f"{self.process.position_path} {self.process.position_visit}"

    def page(self, index: int) -> HttpResponse:
        self.draft.lookups.setdefault(_ASKED, self.request.POST.get(_ASKED, self.asked))
        return super().page(index)

    def _check_asked(self) -> None:
        """Raise Refused when what was answered is not what the process asks now."""
        if {self.draft.lookups.get(_ASKED, self.asked), self.request.POST.get(_ASKED, self.asked)} != {self.asked}:
            raise actions.Refused(f"{actions.Moved(self.process).reason} Its new question has a form of its own.")

    def check_possible(self) -> None:
        actions.check_running()

    def act(self, pages: Sequence[Mapping[str, Any]], idempotency_key: str) -> Process:
        if self.process.status == "suspended":
            self._check_asked()
        seen = self.revision if drafts.seen(self.draft) else ""
        return actions.answer(self.process.pk, pages, by=self.user, idempotency_key=idempotency_key, seen=seen)

    @cached_property
    def revision(self) -> str:
        return self.process.stand

    def meanwhile(self, since: str) -> tuple[Meanwhile, ...]:
        """The edits of the state since then."""
        return queries.edits_since(self.process, since)

    def page_url(self, index: int) -> str:
        return reverse("processes:input-page", args=[self.process.pk, self.draft.pk, index])

    @property
    def check_url(self) -> str:
        return reverse("processes:input-check", args=[self.process.pk, self.draft.pk])

    def context(self) -> dict[str, Any]:
        return {
            "process": self.process,
            "asked": self.asked,
            "cancel_url": reverse("processes:input-cancel", args=[self.process.pk, self.draft.pk]),
            "send_label": "Resume",
        }


def _wizard(request: HttpRequest, process_id: UUID, draft_id: UUID) -> InputWizard:
    process = found(process_id)
    permissions.check(request.user, Action.RESUME, process)
    return InputWizard(request, process, draft_id)
