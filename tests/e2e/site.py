"""The web server alone, on a database with the demo's people, and its doors."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from tests.e2e.demo import ROOT, free_port

PATIENCE = {"DATABASE_STATEMENT_SECONDS": "1", "DATABASE_LOCK_SECONDS": "1"}
DOORS = (
    ("page", "GET", "/"),
    ("list", "GET", "/processes/"),
    ("sign in", "POST", "/sign-in/"),
    ("form", "POST", "/account/tokens/"),
    ("admin", "GET", "/admin/"),
    ("admin saves", "POST", "/admin/products/resourcetype/add/"),
    ("rest list", "GET", "/api/processes/"),
    ("rest start", "POST", "/api/processes/create_node"),
    ("rest sign-in", "POST", "/api/auth/login/"),
    ("health", "GET", "/api/health/"),
    ("metrics", "GET", "/metrics"),
)
"""Name, method and address of each way in."""
STATIC = "/static/site/fault.css"


@dataclass
class Site:
    """One web server; what a browser of an administrator and a program with a token have of it."""

    folder: Path
    database: str
    environment: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None
    token: str = ""
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self.folder / "web.log").read_text(errors="replace")

    def manage(self, *words: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(command, cwd=ROOT, env=self._environment(), capture_output=True, text=True, check=False)

    def start(self, *options: str) -> None:
        command = [sys.executable, "-m", "gunicorn", "-c", "python:orchestrator_site.operations.serving"]
        with (self.folder / "web.log").open("ab") as output:
            self.process = subprocess.Popen(
                [*command, "--bind", f"127.0.0.1:{self.port}", "--graceful-timeout", "2", *options],
                cwd=ROOT,
                env=self._environment(),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        for _ in range(300):
            try:
                httpx2.get(f"{self.address}{STATIC}", timeout=5)
            except httpx2.TransportError:
                assert self.process.poll() is None, self.log
                time.sleep(0.1)
            else:
                return
        raise AssertionError(self.log)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)

    def sign_in(self) -> None:
        """Be the administrator, in a browser and by a token."""
        with httpx2.Client(base_url=self.address) as browser:
            browser.get("/sign-in/")
            known = {"username": "admin", "password": "admin", "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
            assert browser.post("/sign-in/", data=known).status_code == 302, self.log[-3000:]
            self.cookies = dict(browser.cookies)
        answer = httpx2.post(f"{self.address}/api/auth/login/", auth=("admin", "admin"))
        self.token = answer.json()["token"]

    def ask(self, method: str, path: str, seconds: float = 20) -> httpx2.Response:
        """Ask with a session at pages and at health, with the token at the REST interface."""
        is_rest = path.startswith("/api/") and path != "/api/health/"
        with httpx2.Client(base_url=self.address, timeout=seconds) as client:
            if path == "/api/auth/login/":
                return client.request(method, path, auth=("admin", "admin"))
            if is_rest:
                body: list[object] | None = [{}] if method == "POST" else None
                return client.request(method, path, headers={"Authorization": f"Token {self.token}"}, json=body)
            client.cookies.update(self.cookies)
            posted = {"username": "admin", "password": "admin", "csrfmiddlewaretoken": self.cookies["csrftoken"]}
            return client.request(method, path, data=posted) if method == "POST" else client.get(path)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "TEST_DB"}}
        own = {
            "DJANGO_SETTINGS_MODULE": "orchestrator_site.settings.demo",
            "DATA_DIR": str(self.folder / "data"),
            "DATABASE_URL": self.database,
            "SECRET_KEY": "only-for-this-test-and-long-enough-to-be-taken-for-a-key",
            "WEB_CONCURRENCY": "1",
        }
        return {**kept, **own, **PATIENCE, **self.environment}


@contextmanager
def running(site: Site, *options: str) -> Iterator[Site]:
    (site.folder / "data").mkdir(parents=True, exist_ok=True)
    prepared = site.manage("prepare_demo")
    assert prepared.returncode == 0, prepared.stdout + prepared.stderr
    site.start(*options)
    try:
        yield site
    finally:
        site.stop()


def outage_at(answer: httpx2.Response) -> str:
    """What is wrong with an answer that should say that the database cannot be used; nothing when it does."""
    if answer.status_code != 503:
        return f"{answer.status_code} {answer.text[:200]}"
    if "Retry-After" not in answer.headers:
        return "no Retry-After"
    kind = answer.headers["Content-Type"]
    if answer.request.url.path.startswith("/api/"):
        return "" if kind == "application/problem+json" else kind
    is_ours = kind.startswith("text/html") and "<h1>Temporarily unavailable" in answer.text
    return "" if is_ours else answer.text[:200]
