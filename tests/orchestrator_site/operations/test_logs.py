"""Log lines: JSON or for people, with request and user, or with process, step and attempt; one event a line."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from django.contrib.auth.models import User
from django.test import Client
from rest_framework.test import APIClient
from structlog.contextvars import get_contextvars

from orchestrator_site.operations import logs
from processes import actions, store
from processes.execution import drive, recovery
from processes.execution.interceptors.log_context import current_log_context
from tests.processes import workflows
from tests.processes.conftest import registered

__all__ = ["registered"]
pytestmark = pytest.mark.django_db

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What would be written to standard error, as JSON."""
    written = io.StringIO()
    with listening(written, "json"):
        yield written


class listening:  # noqa: N801 - reads as a verb
    """A handler of the root logger, with the formatter of this kind."""

    def __init__(self, written: io.StringIO, kind: str) -> None:
        self.handler = logging.StreamHandler(written)
        self.handler.setFormatter(logs.formatter(kind))

    def __enter__(self) -> None:
        logging.getLogger().addHandler(self.handler)

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self.handler)


@pytest.fixture
def lines(stream: io.StringIO) -> Lines:
    """The lines so far, without their moments."""

    def read() -> list[dict[str, Any]]:
        found = [json.loads(line) for line in stream.getvalue().splitlines()]
        return [{key: value for key, value in line.items() if key != "timestamp"} for line in found]

    return read


def test_steps_say_for_which_process_they_speak(registered: None, operator: User, lines: Lines) -> None:
    workflows.failures.append(ValueError("no"))
    process = actions.start("speak_and_fail", [], by=operator)
    claim = store.claim("worker-1")
    assert claim is not None

    drive.run_claimed(claim)

    about = {"worker": "worker-1", "process_id": str(process.pk), "workflow": "speak_and_fail", "attempt": 1}
    assert lines() == [
        {
            "level": "info", "logger": "processes.step", "event": "said aloud", "colour": "red", "step": "speak",
            **about,
        },
        {
            "level": "warning", "logger": "processes.execution.interceptors.observed",
            "event": "The step failed: ValueError: no", "step": "fail-while-told-to", **about,
        },
    ]  # fmt: skip
    assert current_log_context() == {}


def test_recovery_says_for_which_process(registered: None, operator: User, lines: Lines) -> None:
    process = actions.start("count_to_two", [], by=operator)
    store.claim("worker-1")

    recovery.recover_from(["worker-1"])

    (told,) = lines()
    assert told.pop("event").startswith("Recovering process")
    assert told == {
        "level": "warning",
        "logger": "processes.execution.recovery",
        "worker": "worker-1",
        "process_id": str(process.pk),
        "workflow": "count_to_two",
        "step": "count",
        "attempt": 1,
    }


def test_requests_say_who_asked(client: Client, admin_user: User, lines: Lines) -> None:
    client.force_login(admin_user)

    answer = client.post("/engine/pause/?secret=1", headers={"X-Request-Id": "abc-1"})

    assert answer.headers["X-Request-Id"] == "abc-1"
    (told,) = lines()
    assert told.pop("milliseconds") > 0
    assert told == {
        "level": "info",
        "logger": "orchestrator_site.operations.logs",
        "event": "POST /engine/pause/",
        "request_id": "abc-1",
        "user": "admin",
        "status": 302,
    }
    assert get_contextvars() == {}


def test_programs_are_named_too_and_reads_are_quiet(
    api: Callable[..., APIClient], admin_user: User, lines: Lines
) -> None:
    client = api(admin_user)

    client.get("/api/settings/status")
    client.put("/api/settings/status", {"global_lock": False})

    assert [(line["event"], line["user"]) for line in lines()] == [("PUT /api/settings/status", "admin")]


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, 'a"b', "é"])
def test_unfit_ids_of_callers_are_replaced(given: str, client: Client) -> None:
    made = client.get("/api/health/", headers={"X-Request-Id": given}).headers["X-Request-Id"]

    assert (len(made), made.isalnum()) == (32, True)


def test_errors_have_their_trace_and_no_request_object(client: Client, viewer: User, lines: Lines) -> None:
    client.force_login(viewer)
    try:
        raise ValueError("broken\nin two")
    except ValueError:
        logging.getLogger("here").exception("It broke", extra={"request": "GET /?token=1"})
    client.get("/no-such-page/?token=1")

    broken, missing = lines()
    assert broken["exception"].endswith("ValueError: broken\nin two")
    assert "token" not in json.dumps([broken, missing])
    assert (missing["event"], missing["status_code"]) == ("Not Found: /no-such-page/", 404)


def test_refusals_have_no_trace(client: Client, viewer: User, lines: Lines) -> None:
    client.force_login(viewer)
    client.get("/order/")

    (told,) = [line for line in lines() if line["logger"] == "django.request"]

    assert (told["event"], told["status_code"]) == ("Forbidden (Permission denied): /order/", 403)
    assert "exception" not in told


def test_wrong_names_of_hosts_have_no_trace(client: Client, lines: Lines) -> None:
    """Anybody could fill the log with them, two kilobytes a request."""
    client.get("/sign-in/", headers={"host": "evil.example"})

    (line,) = [line for line in lines() if line["logger"] == "django.security.DisallowedHost"]
    assert line["event"].startswith("Invalid HTTP_HOST header: 'evil.example'.")
    assert "exception" not in line


def test_lines_for_people_hold_one_event_each() -> None:
    written = io.StringIO()
    with listening(written, "line"):
        logging.getLogger("here").warning("first\nsecond", extra={"name_of_it": "a\rb"})
        try:
            raise ValueError("why")
        except ValueError:
            logging.getLogger("here").exception("It broke")

    first, second = written.getvalue().splitlines()
    assert first.partition(" ")[2] == "WARNING here: first\\nsecond name_of_it=a\\rb"
    text, _, trace = second.partition(" ")[2].partition(" exception=")
    assert text == "ERROR   here: It broke"
    lines = trace.split("\\n")
    assert (lines[0], lines[-1]) == ("Traceback (most recent call last):", "ValueError: why")


FORGED = "x\r\n2026-11-28T00:00:00Z ERROR forged: it\x1b[2J\x9b31m\x08\x7f\u2028\u202eend\x00"


@pytest.mark.parametrize("kind", logs.RENDERERS)
def test_outside_text_forges_no_line_and_commands_no_terminal(kind: str) -> None:
    """M13: as an event, a value, a name of a value, and the message of an exception."""
    written = io.StringIO()
    with listening(written, kind):
        logging.getLogger("here").warning("%s", FORGED, extra={"value": FORGED, FORGED: 1})
        try:
            raise ValueError(FORGED)
        except ValueError:
            logging.getLogger("here").exception("It broke: %s", FORGED)

    text = written.getvalue()
    assert len(text.splitlines()) == 2
    assert [letter for letter in text if not letter.isprintable()] == ["\n", "\n"]
    assert text.count("2026-11-28T00:00:00Z ERROR forged") == 5


def test_json_gives_back_what_was_logged(lines: Lines) -> None:
    logging.getLogger("here").warning("%s", FORGED)

    (line,) = lines()
    assert line["event"] == FORGED


def test_what_json_has_no_word_for_is_told_all_the_same(lines: Lines) -> None:
    logging.getLogger("here").warning("odd", extra={"huge": 10**30, "half": "\ud83d", "thing": object, "keys": {1: 2}})

    (line,) = lines()
    assert (line["event"], line["huge"], line["keys"]) == ("odd", 10**30, {"1": 2})


def test_libraries_that_log_by_structlog_come_the_same_way(lines: Lines) -> None:
    structlog.get_logger("pydantic_forms").warning("from a library", number=1)
    structlog.get_logger("pydantic_forms").debug("too quiet")

    assert lines() == [{"level": "warning", "logger": "pydantic_forms", "event": "from a library", "number": 1}]


def test_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="LOG_FORMAT is json or line, not xml"):
        logs.formatter("xml")
