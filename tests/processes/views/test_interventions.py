"""The pages that skip a step, edit a state and go on elsewhere: what they ask, refuse, do once, and leave behind."""

import re
import sys
from collections.abc import Callable, Iterator
from html import unescape
from types import ModuleType
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from processes import actions, store
from processes.engine import StepList, begin, step, task
from processes.engine.values.status import ProcessStatus, StepStatus
from processes.execution import drive
from processes.models import Process
from processes.plugins import registry
from tests.factories import processes as rows
from tests.processes import form_workflows
from tests.processes.conftest import RunReady

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client, admin_user: User, registered: None) -> Client:
    """An administrator's browser."""
    client.force_login(admin_user)
    return client


@pytest.fixture
def failed(operator: User, run_ready: RunReady) -> Process:
    form_workflows.problems.append(ValueError("no luck"))
    process = actions.start("break_and_mend", [], by=operator)
    run_ready()
    return process


def page(visitor: Client, process: Process, path: str = "") -> str:
    return visitor.get(f"/processes/{process.pk}/{path}").content.decode()


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def hidden(html: str) -> dict[str, str]:
    """What the form of an intervention sends by itself; it posts to its own address."""
    found = re.findall(r'<input type="hidden" name="(idempotency_key|seen|shown)" value="([^"]*)"', html)
    return {name: unescape(value) for name, value in found}


def value_field(html: str, key: str) -> str:
    """The name of the field that holds the value of this key."""
    (name,) = re.findall(rf'for="id_(value_\w+)"[^>]*>\s*{key}\b', html)
    return str(name)


def send(visitor: Client, process: Process, path: str, html: str, **values: Any) -> Any:
    return visitor.post(f"/processes/{process.pk}/{path}", {**hidden(html), **values})


def state(process: Process) -> dict[str, Any]:
    return store.load_state(process.pk).as_dict()


def test_skip_goes_on_with_what_the_person_says(admin: Client, failed: Process, run_ready: RunReady) -> None:
    assert f'href="/processes/{failed.pk}/skip/"' in page(admin, failed)
    html = page(admin, failed, "skip/")
    assert "Skip “Break”" in words(html)
    assert "no luck" in html

    answers = [send(admin, failed, "skip/", html, result='{"mended": true}', reason="done by hand") for _ in range(2)]

    assert [answer.url for answer in answers] == [f"/processes/{failed.pk}/"] * 2
    run_ready()
    failed.refresh_from_db()
    assert (failed.status, state(failed)["mended"]) == ("completed", True)
    assert "admin : done by hand" in words(page(admin, failed)).replace("admin:", "admin :")
    assert failed.steps.filter(status=StepStatus.SKIPPED).count() == 1


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"result": "{", "reason": "so"}, "is not JSON"),
        ({"result": "[1]", "reason": "so"}, "Must be a JSON object"),
        ({"result": '{"a": NaN}', "reason": "so"}, "is not JSON"),
        ({"result": '{"a": "\\u0000"}', "reason": "so"}, "NUL character"),
        ({"result": '{"": 1}', "reason": "so"}, "State keys must be strings"),
        ({"result": '{"a": ' + "[" * 110 + "]" * 110 + "}", "reason": "so"}, "nested deeper"),
        ({"result": "[" * 100_000, "reason": "so"}, "is not JSON"),
        ({"result": '{"a": "\\ud83d"}', "reason": "so"}, "is not JSON"),
        ({"result": "", "reason": " "}, "A reason is required."),
        ({"result": "", "reason": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_skip_tells_what_does_not_fit(given: dict[str, str], told: str, admin: Client, failed: Process) -> None:
    answer = send(admin, failed, "skip/", page(admin, failed, "skip/"), **given)

    assert (answer.status_code, told in words(answer.content.decode())) == (422, True)
    failed.refresh_from_db()
    assert failed.status == "failed"


def test_edit_changes_only_what_differs(admin: Client, failed: Process) -> None:
    before = state(failed)
    html = page(admin, failed, "edit-state/")
    name = value_field(html, "made")
    shown = dict(re.findall(r'<textarea name="(value_\w+)"[^>]*>\s*([^<]*)</textarea>', html))
    assert shown[name] == "true"

    for _ in range(2):
        given = {**shown, name: "false", "patch": '{"extra": {"a": [1]}}', "reason": "made elsewhere"}
        answer = send(admin, failed, "edit-state/", html, **given)

    assert answer.url == f"/processes/{failed.pk}/"
    assert state(failed) == {**before, "made": False, "extra": {"a": [1]}}
    edited = failed.steps.get(path="~edit")
    assert (edited.patch, edited.reason, edited.created_by) == (
        {"made": False, "extra": {"a": [1]}},
        "made elsewhere",
        "admin",
    )
    assert "State edited" in words(page(admin, failed))


def test_edit_does_not_overwrite_what_it_has_not_seen(
    admin: Client, failed: Process, operator: User, run_ready: RunReady
) -> None:
    """What was typed was lost when the process had moved on."""
    html = page(admin, failed, "edit-state/")
    form_workflows.problems.append(ValueError("again"))
    actions.retry(failed.pk, by=operator)
    run_ready()
    before, name = state(failed), value_field(html, "made")

    told = send(admin, failed, "edit-state/", html, **{name: "false", "reason": "because"})
    again = told.content.decode()

    assert (told.status_code, state(failed)) == (409, before)
    assert "has changed since you opened this form" in words(again)
    assert "because" in again
    assert send(admin, failed, "edit-state/", again, **{name: "false", "reason": "because"}).status_code == 302
    assert state(failed) == {**before, "made": False}


def test_edit_shows_what_was_typed_beside_what_somebody_else_has_made_of_it(
    admin: Client, failed: Process, admin_user: User
) -> None:
    """fault 16"""
    actions.edit_state(failed.pk, {"a": 1, "b": 1, "gone": 1}, by=admin_user, reason="first")
    html = page(admin, failed, "edit-state/")
    names = {key: value_field(html, key) for key in ("a", "b", "made")}
    actions.edit_state(failed.pk, {"a": 2, "b": 2, "new": [0]}, by=admin_user, reason="second")
    typed = {names["a"]: "3", names["b"]: "1", names["made"]: "{", "reason": "because"}

    told = send(admin, failed, "edit-state/", html, **typed)
    again = told.content.decode()
    shown = dict(re.findall(r'<textarea name="(value_\w+)"[^>]*>\s*([^<]*)</textarea>', again))

    assert told.status_code == 409
    assert "a, b, new , by admin at" in words(again)
    assert "and is now: 2" in words(again)
    assert "this is the present value" in words(again)
    assert (shown[names["a"]], shown[names["b"]], shown[names["made"]]) == ("3", "2", "{")
    given = {**shown, names["made"]: "true", "reason": "because"}
    assert send(admin, failed, "edit-state/", again, **given).status_code == 302
    kept = state(failed)
    assert (kept["a"], kept["b"], kept["new"], kept["made"]) == (3, 2, [0], True)


def test_edit_of_nothing_is_told(admin: Client, failed: Process) -> None:
    html = page(admin, failed, "edit-state/")
    shown = dict(re.findall(r'<textarea name="(value_\w+)"[^>]*>\s*([^<]*)</textarea>', html))

    answer = send(admin, failed, "edit-state/", html, reason="so", **shown)

    assert (answer.status_code, "Give keys to change" in answer.content.decode()) == (422, True)


def test_long_values_and_our_own_keys_have_no_field(admin: Client, failed: Process, admin_user: User) -> None:
    actions.edit_state(failed.pk, {"long": "x" * 9000}, by=admin_user, reason="to see")

    html = page(admin, failed, "edit-state/")

    assert "too long or too many" in html
    assert re.findall(r'for="id_value_\w+"[^>]*>\s*(\w+)', html) == ["made"]


@pytest.mark.parametrize("path", ["skip/", "edit-state/", "continue/"])
def test_interventions_need_an_administrator(path: str, visitor: Client, failed: Process) -> None:
    assert visitor.get(f"/processes/{failed.pk}/{path}").status_code == 403
    assert visitor.post(f"/processes/{failed.pk}/{path}", {"reason": "so"}).status_code == 403
    html = page(visitor, failed)
    assert "/skip/" not in html
    assert html.count('aria-disabled="true" title="This requires the role admin."') == 2


@pytest.mark.parametrize("path", ["skip/", "edit-state/", "continue/"])
def test_interventions_lead_back_when_they_make_no_sense(path: str, admin: Client) -> None:
    process = rows.process(ProcessStatus.COMPLETED)

    html = admin.get(f"/processes/{process.pk}/{path}", follow=True).content.decode()

    assert "This is not possible now: the process is completed." in html


def test_lost_worker_is_shown_with_worker_and_time(admin: Client) -> None:
    process = rows.process(ProcessStatus.RUNNING, position_path="create", position_attempt=2)
    rows.step(process, "create", StepStatus.CRASHED, worker="host-1-77", error={"class": "WorkerCrashed"})

    assert "Worker lost in attempt 1 after 2.0 s on host-1-77" in words(page(admin, process))


def test_unknown_outcome_names_the_choices(admin: Client) -> None:
    process = rows.process(ProcessStatus.FAILED, error_class="OutcomeUnknown", failed_reason="…")

    shown = words(page(admin, process))

    assert "Outcome unknown" in shown
    assert "If it did not: Retry ; the step runs again with the same idempotency key." in shown


Release = Callable[[StepList], None]


def nothing() -> None:
    """A step that does nothing."""


@pytest.fixture
def release(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Release]:
    """Make the workflow `letters` of the present release."""
    module = ModuleType("a_release_for_pages")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    settings.WORKFLOW_MODULES = [module.__name__]

    def make(steps: StepList) -> None:
        vars(module)["letters"] = task("Letters", name="letters")(lambda: steps)
        registry.reload()

    yield make
    registry.reload()


def test_changed_definition_is_shown_and_gone_on_with(
    client: Client, admin_user: User, operator: User, release: Release
) -> None:
    a, b, x = (step(name)(nothing) for name in ("Step A", "Step B", "Step X"))
    release(begin >> a >> b)
    process = actions.start("letters", [], by=operator)
    release(begin >> x >> a >> b)
    drive_all()
    client.force_login(admin_user)
    html = page(client, process)
    assert "Definition changed" in html
    assert re.findall(r"<ins>([^<]+)</ins>", html) == ["Step X"]
    assert "Skip" not in re.findall(r'<a class="btn[^>]*>.*?</svg>([^<]+)</a>', html)

    chosen = page(client, process, "continue/")
    assert re.findall(r'<option value="([^"]*)" selected', chosen) == ["step-a"]
    for path, status in (("nowhere", 422), ("step-b", 302), ("step-b", 302)):
        given = {**hidden(chosen), "path": path, "reason": "A is done"}
        answer = client.post(f"/processes/{process.pk}/continue/", given)
        assert answer.status_code == status

    drive_all()
    process.refresh_from_db()
    assert process.status == "completed"
    assert "Continued at Step B" in page(client, process)


def drive_all() -> None:
    while (claim := store.claim("worker-1")) is not None:
        drive.run_claimed(claim)
