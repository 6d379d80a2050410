"""What a form that somebody fills in page by page is for: what a subclass of the wizard tells."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest

from processes.engine.binding import Meanwhile
from processes.forms import FormGenerator, drafts
from processes.models import FormDraft, Process


class Purpose(ABC):
    """One form being filled in by one person. What it is for is told by a subclass."""

    template = ""
    checks_answers = True
    """Whether a page of all answers comes before sending, unless the form brings one of its own."""

    def __init__(self, request: HttpRequest, draft_id: UUID) -> None:
        assert isinstance(request.user, User)
        self.request = request
        self.user = request.user
        try:
            self.draft: FormDraft = drafts.open_draft(draft_id, user=self.user, operation=self.operation)
        except drafts.DraftNotFound as error:
            raise Http404("This form belongs to another user.") from error

    @property
    @abstractmethod
    def operation(self) -> str:
        """What the draft is for."""

    @property
    @abstractmethod
    def form(self) -> FormGenerator | None:
        """The pages."""

    @property
    @abstractmethod
    def state(self) -> Mapping[str, Any]:
        """What the form function finds in its state."""

    @abstractmethod
    def act(self, pages: Sequence[Mapping[str, Any]], idempotency_key: str) -> Process:
        """Do what the answers are for; refused where what pages have shown has changed since `revision`."""

    @cached_property
    def revision(self) -> str:
        """Another text after each change of what the form is about; empty where it is about nothing there is."""
        return ""

    def meanwhile(self, since: str) -> tuple[Meanwhile, ...]:
        """What has changed since that revision."""
        return ()

    @abstractmethod
    def page_url(self, index: int) -> str:
        """The address of a page."""

    @property
    @abstractmethod
    def check_url(self) -> str:
        """The address of the check before sending."""

    @abstractmethod
    def check_possible(self) -> None:
        """Raise Refused when sending would be refused now, whatever the answers."""

    @abstractmethod
    def context(self) -> dict[str, Any]:
        """What the template needs besides the page."""
