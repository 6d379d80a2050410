"""The pages that start a workflow: its form, a check of the answers, and the steps to come."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from processes import actions
from processes.access import permissions
from processes.access.permissions import Action
from processes.engine.binding import Meanwhile, Versioned
from processes.engine.workflow import Workflow
from processes.forms import FormGenerator, drafts
from processes.lists.methods import require_form, require_POST, require_safe
from processes.models import Process
from processes.plugins import registry
from processes.views.wizard import Wizard, shows_again

PREFILLS = ("product", "subscription_id")
"""Keys of page 0 that an address may answer, so that people are not asked what they chose by the link."""


class StartWizard(Wizard):
    """Fill in the form of a workflow and start it."""

    template = "processes/process_start.html"

    def __init__(self, request: HttpRequest, workflow: Workflow, draft_id: UUID) -> None:
        self.workflow = workflow
        super().__init__(request, draft_id)
        given = {name: request.GET[name] for name in PREFILLS if name in request.GET}
        if given:
            drafts.prefill(self.draft, given)

    @property
    def operation(self) -> str:
        return f"start:{self.workflow.name}"

    @property
    def form(self) -> FormGenerator | None:
        return self.workflow.form

    @property
    def state(self) -> Mapping[str, Any]:
        return actions.initial_state(self.workflow, by=self.user.get_username())

    def check_possible(self) -> None:
        actions.check_start(self.workflow)

    def act(self, pages: Sequence[Mapping[str, Any]], idempotency_key: str) -> Process:
        revision = self.revision if drafts.seen(self.draft) else ""
        return actions.start(
            self.workflow.name, pages, by=self.user, idempotency_key=idempotency_key, revision=revision
        )

    @cached_property
    def revision(self) -> str:
        binding = self.workflow.binding
        if not isinstance(binding, Versioned) or not self.draft.pages:
            return ""
        return binding.revision(self.draft.pages[0])

    def meanwhile(self, since: str) -> tuple[Meanwhile, ...]:
        binding = self.workflow.binding
        return binding.meanwhile(self.draft.pages[0], since) if isinstance(binding, Versioned) else ()

    def page_url(self, index: int) -> str:
        return self._with_prefill(reverse("processes:start-page", args=[self.workflow.name, self.draft.pk, index]))

    @property
    def check_url(self) -> str:
        return self._with_prefill(reverse("processes:start-check", args=[self.workflow.name, self.draft.pk]))

    def context(self) -> dict[str, Any]:
        return {
            "workflow": self.workflow,
            "steps": self.workflow.plan,
            "cancel_url": reverse("processes:start-cancel", args=[self.workflow.name, self.draft.pk]),
            "send_label": "Start",
        }

    def _with_prefill(self, url: str) -> str:
        """Until the draft is stored, the address carries what was chosen by the link."""
        if drafts.is_kept(self.draft):
            return url
        given = {name: self.request.GET[name] for name in PREFILLS if name in self.request.GET}
        return f"{url}?{urlencode(given)}" if given else url


@require_form
def start(request: HttpRequest, workflow_name: str) -> HttpResponse:
    """Open a new draft; `product` or `subscription_id` in the address or the post answers page 0."""
    workflow = startable(request, workflow_name)
    chosen = request.POST if request.method == "POST" else request.GET
    given = {name: chosen[name] for name in PREFILLS if chosen.get(name)}
    url = reverse("processes:start-page", args=[workflow.name, uuid4(), 1 if given else 0])
    return redirect(f"{url}?{urlencode(given)}" if given else url)


@shows_again
@require_form
def start_page(request: HttpRequest, workflow_name: str, draft_id: UUID, index: int) -> HttpResponse:
    return StartWizard(request, startable(request, workflow_name), draft_id).page(index)


@require_form
def start_check(request: HttpRequest, workflow_name: str, draft_id: UUID) -> HttpResponse:
    return StartWizard(request, startable(request, workflow_name), draft_id).check()


@require_POST
def start_cancel(request: HttpRequest, workflow_name: str, draft_id: UUID) -> HttpResponse:
    """Forget the answers."""
    wizard = StartWizard(request, startable(request, workflow_name), draft_id)
    drafts.discard(wizard.draft)
    return redirect("processes:tasks" if wizard.workflow.is_task else "processes:list")


@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """The tasks that can be run, with what they do."""
    permissions.check(request.user, Action.VIEW)
    known = (one for one in registry.all_workflows().values() if one.is_task)
    found = sorted((one for one in known if _is_shown(request, one)), key=lambda one: one.description)
    return render(request, "processes/task_list.html", {"tasks": found})


def _is_shown(request: HttpRequest, workflow: Workflow) -> bool:
    """Whether this person may see the workflow; whether it may be started is told by its button."""
    return permissions.decide(request.user, Action.VIEW, workflow).allowed


def startable(request: HttpRequest, workflow_name: str) -> Workflow:
    """The workflow, if this person may start it. Raises UnknownWorkflow, Denied."""
    workflow = registry.get(workflow_name)
    permissions.check(request.user, Action.START, workflow)
    return workflow
