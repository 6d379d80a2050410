"""What an open page of a process asks for: what has changed since it was shown, a fold of steps, the values of a try.

A refresh is decided by one statement, and mostly ends there: nothing has changed. Begin with `process_live`.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse

from processes import queries
from processes.access import permissions
from processes.access.permissions import Action, AnyUser
from processes.engine.values.status import RunState
from processes.lists.methods import require_safe
from processes.models import Process, Step
from processes.plugins.panels import SubjectLink, links
from processes.queries import PageSteps, Revision
from processes.queries.plans import step_anchor
from processes.queries.subjects import subjects_of
from processes.views.buttons import buttons
from processes.views.etags import digest
from processes.views.seen import Seen

STOP_POLLING = 286
"""The status by which htmx learns that nothing will change any more."""
_SECONDS_MOVING = 1
_SECONDS_STANDING = 5
_MOST_DIGITS = 6
_MOST_COPIED = 100_000
"""Characters of values that a page shows, and that it carries to be copied; a file has more."""
_MOST_VALUES = 500


@require_safe
def process_live(request: HttpRequest, process_id: UUID) -> HttpResponse:
    """What has changed since the page saw what its ETag says: 304 when nothing has, everything without an ETag."""
    permissions.check(request.user, Action.VIEW)
    revision = revision_of(process_id)
    now = Seen.of(revision, request.user)
    seen = Seen.parse(request.headers.get("If-None-Match", ""))
    if seen is not None and seen.whole == now.whole and not revision.is_ended:
        return HttpResponseNotModified(headers={"ETag": seen.etag})
    if seen is None or seen.plan != now.plan:
        shown = whole_page(revision, request.user)
        template, headers = "processes/_process_live.html", {"HX-Retarget": "#live", "HX-Reswap": "outerHTML"}
    else:
        shown = _news(request, revision, seen)
        template, headers = "processes/_process_news.html", {}
    response = render(request, template, shown, status=STOP_POLLING if revision.is_ended else 200)
    for name, value in {"ETag": shown["seen"].etag, **headers}.items():
        response[name] = value
    return response


@require_safe
def process_fold(request: HttpRequest, process_id: UUID, number: int) -> HttpResponse:
    """The steps of a fold; without JavaScript, the page on which it is open."""
    permissions.check(request.user, Action.VIEW)
    if request.headers.get("HX-Request") != "true":
        return redirect(f"{reverse('processes:detail', args=[process_id])}?fold={number}#fold-{number}")
    process = revision_of(process_id).process
    fold = queries.fold_of(process, number)
    if fold is None:
        raise Http404("The process has no such steps.")
    return render(request, "processes/_fold_steps.html", {"process": process, "fold": fold})


@require_safe
def step_values(request: HttpRequest, process_id: UUID) -> HttpResponse:
    """What the try of a step that the address names changed in the state: for its panel, as a page, or as a file."""
    permissions.check(request.user, Action.VIEW)
    visit, attempt = (request.GET.get(name, "") for name in ("visit", "attempt"))
    try:
        step = queries.find_try(process_id, request.GET.get("step", ""), _number(visit), _number(attempt))
    except Step.DoesNotExist as error:
        raise Http404("The process has no such step.") from error
    text = _indented(step.patch)
    if request.GET.get("as") == "file":
        name = {"Content-Disposition": f'attachment; filename="values-{step.row_id}.json"'}
        return HttpResponse(text, content_type="application/json", headers=name)
    is_part = request.headers.get("HX-Request") == "true"
    values = list((step.patch or {}).items())
    shown = {
        "step": step,
        "values": values[:_MOST_VALUES],
        "left_out": max(0, len(values) - _MOST_VALUES),
        "share": _MOST_COPIED // max(1, min(len(values), _MOST_VALUES)),
        "text": text if len(text) <= _MOST_COPIED else "",
        "file": f"?{request.GET.urlencode()}&as=file",
    }
    if is_part:
        return render(request, "processes/_step_values.html", shown)
    return render(request, "processes/process_step_values.html", {"process": revision_of(process_id).process, **shown})


def whole_page(revision: Revision, user: AnyUser, steps: PageSteps | None = None) -> dict[str, Any]:
    """All that the page of a process shows, and what it has seen then."""
    process = revision.process
    steps = steps or queries.page_steps(process)
    about = subjects(process)
    return {
        **_poll(revision, user, about, steps.last_row),
        **_notice(revision),
        "steps": steps,
        "subjects": about,
        "buttons": buttons(process, user),
    }


def subjects(process: Process) -> list[SubjectLink]:
    """What the process is about, with links."""
    about = subjects_of(process.pk)
    return list(links((subject.kind, subject.id, subject.label) for subject in about).values())


def folds_named(request: HttpRequest) -> set[int]:
    """The numbers of folds in an address."""
    return {_number(text) for text in request.GET.getlist("fold")}


def _news(request: HttpRequest, revision: Revision, seen: Seen) -> dict[str, Any]:
    """What the page lacks: each part that is not as it was, and what happened to its steps."""
    process, place = revision.process, seen.stand - 1
    steps = queries.step_news(process, last_row=seen.last_row, place=place, held=folds_named(request))
    about = subjects(process)
    shown = {**_poll(revision, request.user, about, steps.last_row), "news": steps}
    now: Seen = shown["seen"]
    if seen.notice != now.notice:
        shown |= _notice(revision)
    if (seen.verbs, seen.dialogs) != (now.verbs, now.dialogs):
        shown["buttons"] = buttons(process, request.user)
    return shown | {
        "subjects": about,
        "is_paused": bool(revision.row.paused_at),
        "differs": {part: getattr(seen, part) != getattr(now, part) for part in Seen.PARTS},
    }


def _poll(revision: Revision, user: AnyUser, about: Sequence[SubjectLink], last_row: int) -> dict[str, Any]:
    """What asks again: how soon, in seconds, or 0 for never; what the page has seen until then; the step to jump to."""
    process, plan = revision.process, queries.plan_of(revision.process)
    moves = process.run_state in {RunState.READY, RunState.RUNNING}
    stand = plan.places.get(process.position_path, -1) + 1
    return {
        "process": process,
        "here": step_anchor(plan.path_of(process.position_path)) if stand and len(plan.folds) > 1 else "",
        "seconds": 0 if revision.is_ended else _SECONDS_MOVING if moves else _SECONDS_STANDING,
        "seen": replace(Seen.of(revision, user), subjects=digest(about), last_row=last_row, stand=stand),
    }


def _notice(revision: Revision) -> dict[str, Any]:
    """What the notice on top of the page needs to know."""
    return {"system": revision.system, "change": queries.definition_change(revision.process)}


def revision_of(process_id: UUID) -> Revision:
    """How the process is now, or 404."""
    try:
        return queries.revision(process_id)
    except Process.DoesNotExist as error:
        raise Http404("There is no process with this id.") from error


def _number(text: str) -> int:
    """The number that an address says; 0, which nothing has, for what is none."""
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else 0


def _indented(value: object) -> str:
    """JSON to be copied by a person."""
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
