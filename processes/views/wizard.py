"""Ask the pages of a form one by one, keep the answers in a draft, and act when it is complete. For starts and inputs.

The browser holds nothing: each address names the draft and the page. A page is redrawn with its errors, an earlier one
is asked again when it holds no more, and a form that is sent twice acts once: the draft's id is the idempotency key.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from processes.actions import Refused
from processes.engine.values.errors import StartRefused
from processes.forms import (
    AGAIN,
    Answer,
    Cleaned,
    FieldError,
    FormIncomplete,
    FormInvalid,
    FormUnavailable,
    Page,
    PageForm,
    check_answers,
    clean_post,
    drafts,
    edit_post,
    page_fields,
    summary,
    trace,
    walk,
)
from processes.forms.judging import besides, without_faults
from processes.forms.secrets import opened_pages, sealed_answers
from processes.forms.shown import Shown, rebase
from processes.views.blockers import ChangeLine, blockers_of, change_lines
from processes.views.purpose import Purpose

BACK = "_back"
"""The button that keeps what was typed and shows the page before."""
SHOWN = "_shown"
"""What the page showed when it was opened."""


@dataclass(frozen=True)
class Reviewed:
    """A page as the check before sending shows it."""

    title: str
    url: str
    answers: Sequence[Answer]


View = TypeVar("View", bound=Callable[..., HttpResponse])


def shows_again(view: View) -> View:
    """Mark a view that, asked by `AGAIN`, shows a form with what was typed in place of taking it."""
    setattr(view, "shows_again", True)  # noqa: B010 - functions of this type have no such attribute
    return view


class Wizard(Purpose):
    """One form being filled in by one person."""

    @property
    def answers(self) -> list[dict[str, Any]]:
        """The answers so far; what the draft keeps of secrets is sealed, and in clear here."""
        return opened_pages(self.draft.pages)

    def page(self, index: int) -> HttpResponse:
        """Show a page, or take its answers."""
        if index > len(self.draft.pages):
            return redirect(self.page_url(len(self.draft.pages)))
        return self._guarded(lambda: self._page(index))

    def check(self) -> HttpResponse:
        """Show all answers, or send them."""
        return self._guarded(self._check)

    def _guarded(self, answer: Callable[[], HttpResponse]) -> HttpResponse:
        if (done := drafts.outcome(self.draft)) is not None:
            return self._leave(done)
        try:
            return answer()
        except FormIncomplete as incomplete:
            return redirect(self.page_url(incomplete.page.index))
        except FormInvalid as invalid:
            return self._ask_again(invalid)
        except (StartRefused, Refused) as error:
            return self._refused(error)
        except FormUnavailable as error:
            return self._unavailable(error)

    def _check(self) -> HttpResponse:
        if (index := drafts.first_open(self.draft)) is not None:
            return redirect(self.page_url(index))
        if (stale := self._stale_page()) is not None:
            return stale
        if self.request.method == "POST":
            return self._send()
        walk(self.form, self.state, self.answers)
        return self._show_check()

    def _page(self, index: int) -> HttpResponse:
        before = self.answers[:index]
        asked = self._asked(before)
        if asked is None:
            drafts.keep_only(self.draft, index)
            return redirect(self.check_url)
        if self.request.method == "POST":
            return self._answered(asked, before)
        return self._show(asked, page_fields(asked.schema, drafts.answers(self.draft, index)))

    def _asked(self, before: list[dict[str, Any]]) -> Page | None:
        """The page that follows these answers; None when the form is complete with them."""
        try:
            walk(self.form, self.state, before)
        except FormIncomplete as incomplete:
            return incomplete.page
        return None

    def _answered(self, asked: Page, before: list[dict[str, Any]]) -> HttpResponse:
        post = self.request.POST
        cleaned = clean_post(asked.schema, post)
        if BACK in post:
            return self._back(asked, cleaned)
        if cleaned.is_edit or AGAIN in post:
            return self._show(asked, page_fields(asked.schema, edit_post(asked.schema, post)))
        if (stale := self._stale(asked, self._posted, cleaned.answers, cleaned.faults)) is not None:
            return stale
        if cleaned.faults:
            errors = besides(cleaned.faults, self._other_errors(asked, before, cleaned))
            return self._show(asked, page_fields(asked.schema, cleaned.answers, errors), status=422)
        try:
            following = self._asked([*before, cleaned.answers])
        except FormInvalid as invalid:
            if invalid.page.index != asked.index:
                raise
            return self._show(asked, page_fields(asked.schema, cleaned.answers, invalid.errors), status=422)
        self._keep(asked, cleaned.answers)
        return self._next(asked, following)

    def _keep(self, asked: Page, answers: Mapping[str, Any], faults: Sequence[FieldError] = ()) -> None:
        seen = self._posted.text if self._posted else ""
        drafts.keep(self.draft, asked.index, sealed_answers(asked.schema, answers), faults, seen=seen)

    @cached_property
    def _posted(self) -> Shown | None:
        """What the page showed that is sent now."""
        return Shown.read(self.request.POST.get(SHOWN, ""))

    def _stale(
        self, asked: Page, seen: Shown | None, answers: Mapping[str, Any], faults: Sequence[FieldError] = ()
    ) -> HttpResponse | None:
        """The page again where it showed a value that somebody has changed since; None where it did not."""
        if seen is None or not self.revision or seen.at == self.revision:
            return None
        rebased = rebase(seen, asked.schema, answers)
        if not rebased.changes:
            return None
        form = page_fields(asked.schema, rebased.answers, [*rebased.changes, *faults])
        changes = change_lines(self.meanwhile(seen.at))
        return self._show(asked, form, status=409, seen=Shown.of(asked.schema, self.revision), changes=changes)

    def _stale_page(self) -> HttpResponse | None:
        """The first page of which `_stale` holds, before all of them are sent."""
        seen = {index: Shown.read(text) for index, text in drafts.seen(self.draft).items()}
        if not self.revision or all(one is None or one.at == self.revision for one in seen.values()):
            return None
        pages = trace(self.form, self.state, self.answers)[: len(self.draft.pages)]
        shown = (self._stale(page, seen.get(page.index), drafts.answers(self.draft, page.index)) for page in pages)
        return next((page for page in shown if page is not None), None)

    def _other_errors(self, asked: Page, before: list[dict[str, Any]], cleaned: Cleaned) -> Sequence[FieldError]:
        """What the page says of answers among which some are no values."""
        try:
            self._asked([*before, without_faults(cleaned.answers, cleaned.faults)])
        except FormInvalid as invalid:
            return invalid.errors if invalid.page.index == asked.index else ()
        except (StartRefused, FormUnavailable):
            pass
        return ()

    def _back(self, asked: Page, cleaned: Cleaned) -> HttpResponse:
        """Keep what was typed, wrong or not: it is shown again, and judged when the page is sent."""
        with suppress(FormInvalid):  # what cannot be stored is forgotten
            check_answers([cleaned.answers])
            self._keep(asked, cleaned.answers, cleaned.faults)
        return redirect(self.page_url(max(asked.index - 1, drafts.first_page(self.draft))))

    def _next(self, answered: Page, following: Page | None) -> HttpResponse:
        if following is not None:
            return redirect(self.page_url(following.index))
        drafts.keep_only(self.draft, answered.index + 1)
        if self.checks_answers and not is_last(answered):
            return redirect(self.check_url)
        return self._stale_page() or self._send()

    def _send(self) -> HttpResponse:
        process = self.act(self.answers, str(self.draft.pk))
        drafts.finish(self.draft, process.pk)
        return self._leave(process.pk)

    def _leave(self, process_id: UUID) -> HttpResponse:
        return redirect("processes:detail", process_id)

    def _ask_again(self, invalid: FormInvalid) -> HttpResponse:
        """An answer given before is invalid (now): show its page with the message."""
        index = min(invalid.page.index, max(len(self.draft.pages) - 1, 0))
        asked = Page(index, invalid.page.schema, invalid.page.meta, invalid.page.has_next)
        answers = drafts.answers(self.draft, index)
        messages.warning(self.request, f"Page {index + 1} has errors.")
        return self._show(asked, page_fields(asked.schema, answers, invalid.errors), status=422)

    def _show(
        self,
        asked: Page,
        form: PageForm,
        *,
        status: int = 200,
        seen: Shown | None = None,
        changes: Sequence[ChangeLine] = (),
    ) -> HttpResponse:
        first = drafts.first_page(self.draft)
        shown = {
            "form": form,
            "shown": (seen or self._seen(asked)).text if self.revision else "",
            "changes": changes,
            "title": form.title,
            "number": max(asked.index - first, 0) + 1,
            "action": self.page_url(asked.index),
            "can_go_back": asked.index > first,
            "is_last": asked.has_next is False or (is_last(asked) and asked.has_next is None),
            "next_label": "Next" if self.checks_answers else "Submit",
            "buttons": asked.meta.get("customButtons") or {},
            "hindrance": self._hindrance(),
        }
        return render(self.request, self.template, {**self.context(), **shown}, status=status)

    def _seen(self, asked: Page) -> Shown:
        """What the page showed when it was opened: it is shown again, was answered before, or is opened now."""
        kept = Shown.read(drafts.seen(self.draft).get(asked.index, ""))
        return self._posted or kept or Shown.of(asked.schema, self.revision)

    def _hindrance(self) -> str:
        """Why sending would be refused now; people may go on answering, since it may end before they are done."""
        try:
            self.check_possible()
        except Refused as error:
            return error.reason
        return ""

    def _show_check(self) -> HttpResponse:
        pages = trace(self.form, self.state, self.answers)
        first = drafts.first_page(self.draft)
        reviewed = [
            Reviewed(
                title=str(page.schema.get("title") or f"Page {page.index + 1}"),
                url=self.page_url(page.index) if page.index >= first else "",
                answers=summary(page.schema, self.draft.pages[page.index]),
            )
            for page in pages
        ]
        back = self.page_url(len(pages) - 1) if len(pages) > first else ""
        shown = {
            "reviewed": reviewed,
            "action": self.check_url,
            "back_url": back,
            "number": len(pages) - first + 1,
            "hindrance": self._hindrance(),
        }
        return render(self.request, self.template, {**self.context(), **shown})

    def _refused(self, error: StartRefused | Refused) -> HttpResponse:
        shown = {"refused": error.reason, "blockers": blockers_of(error)}
        return render(self.request, self.template, {**self.context(), **shown}, status=409)

    def _unavailable(self, error: FormUnavailable) -> HttpResponse:
        shown = {"unavailable": error.reason, "action": self.request.get_full_path()}
        return render(self.request, self.template, {**self.context(), **shown}, status=503)


def is_last(page: Page) -> bool:
    """Whether a page says that none follows it, or is a summary, after which people expect none."""
    if page.has_next is not None:
        return not page.has_next
    return any(one.get("format") == "summary" for one in page.schema.get("properties", {}).values())
