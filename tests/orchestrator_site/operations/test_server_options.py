"""Options of gunicorn are followed, or refused with what to do instead."""

import os
import subprocess
import sys
from typing import Any

import pytest
from gunicorn.config import Config

from orchestrator_site.operations import server_options
from orchestrator_site.operations.server_options import FOLLOWED, INSTEAD, NotFollowed


def config(**options: Any) -> Config:
    made = Config()
    for name, value in options.items():
        made.set(name, value)
    return made


def test_what_is_followed_is_let_through() -> None:
    server_options.check(config(bind="127.0.0.1:1", workers=3, threads=7, timeout=60, max_requests=9, umask=0o77))


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ({"certfile": "a.pem"}, "certfile does nothing here: end TLS at a proxy, and set TLS_AT_PROXY=1."),
        ({"accesslog": "-"}, "accesslog does nothing here: set LOG_LEVEL=DEBUG, which logs every request"),
        ({"keepalive": 75}, "keepalive does nothing here: leave it"),
        ({"limit_request_line": 8190}, "limit_request_line does nothing here: leave it: an address has at most 4 094"),
        ({"proxy_protocol": True}, "proxy_protocol does nothing here: unset it."),
        ({"post_request": lambda worker, req, environ, response: None}, "post_request does nothing here: unset it."),
    ],
)
def test_what_would_do_nothing_is_refused(option: dict[str, Any], words: str) -> None:
    with pytest.raises(NotFollowed) as refused:
        server_options.check(config(**option))

    assert str(refused.value).startswith(words)


def test_names_are_those_of_gunicorn() -> None:
    assert set(Config().settings) >= FOLLOWED | INSTEAD.keys()


def test_the_server_does_not_start_with_one() -> None:
    command = [sys.executable, "-m", "gunicorn", "-c", "python:orchestrator_site.operations.serving"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "orchestrator_site.settings.test"}

    done = subprocess.run(
        [*command, "--bind", "127.0.0.1:0", "--access-logfile", "-", "tests.fakes.slow_site:application"],
        env=environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert done.returncode == 1
    assert "Error: accesslog does nothing here: set LOG_LEVEL=DEBUG" in done.stderr
