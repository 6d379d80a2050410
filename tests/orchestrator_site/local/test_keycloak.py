"""A Keycloak of one's own: what is missing is said plainly; a stand-in for Maven and Java shows how they are called."""

import hashlib
import json
import sys
import tarfile
from pathlib import Path

import pytest

from orchestrator_site.local import keycloak
from orchestrator_site.local.keycloak import NoKeycloak, running

SERVER = """#!{python}
import http.server, os, sys, pathlib
port = int(sys.argv[sys.argv.index("--http-port") + 1])
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"ok")
http.server.HTTPServer(("127.0.0.1", port), Answer).serve_forever()
"""


def tool(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(script)
    (folder / name).chmod(0o755)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which programs are found."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def java(tools: Path, version: str) -> None:
    tool(tools, "java", f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-04-15' >&2\n")


@pytest.fixture
def packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What Maven fetches: an archive of a program that answers at the port it is given."""
    home = tmp_path / f"keycloak-{keycloak.VERSION}"
    home.mkdir()
    tool(home / "bin", "kc.sh", SERVER.format(python=sys.executable))
    archive = tmp_path / "fetched.tar.gz"
    with tarfile.open(archive, "w:gz") as file:
        file.add(home, home.name)
    monkeypatch.setattr(keycloak, "SHA256", hashlib.sha256(archive.read_bytes()).hexdigest())
    return archive


def maven(tools: Path, archive: Path) -> None:
    name = f"keycloak-quarkus-dist-{keycloak.VERSION}.tar.gz"
    tool(tools, "mvn", f'#!/bin/sh\nfor a; do o=${{a#-DoutputDirectory=}}; done\n/bin/cp {archive} "$o/{name}"\n')


@pytest.mark.parametrize(
    ("version", "told"),
    [
        ("", "there is no `java`"),
        ("1.8.0_402", "has Java 1"),
        ("11.0.2", "has Java 11"),
        ("17.0.15", "there is no `mvn`"),
    ],
)
def test_missing_program_is_said(tools: Path, tmp_path: Path, version: str, told: str) -> None:
    if version:
        java(tools, version)

    with pytest.raises(NoKeycloak, match=told), running(tmp_path / "kc", site="http://127.0.0.1:8000", secret="s"):
        pass


def test_archive_of_another_digest_is_thrown_away(tools: Path, tmp_path: Path, packed: Path) -> None:
    java(tools, "21")
    packed.write_bytes(b"something else")
    maven(tools, packed)

    with (
        pytest.raises(NoKeycloak, match="not the Keycloak that is expected"),
        running(tmp_path / "kc", site="s", secret="s"),
    ):
        pass

    assert list((tmp_path / "kc").iterdir()) == []


def test_server_runs_with_the_realm_of_the_site_and_stops(tools: Path, tmp_path: Path, packed: Path) -> None:
    java(tools, "17.0.15")
    maven(tools, packed)
    folder = tmp_path / "kc"

    with running(folder, site="http://127.0.0.1:8123", secret="hush") as environment:
        home = folder / f"keycloak-{keycloak.VERSION}"
        realm = json.loads((home / "data" / "import" / "network.json").read_text())

    client = next(client for client in realm["clients"] if client["clientId"] == "orchestrator")
    assert client["secret"] == environment["OIDC_CLIENT_SECRET"] == "hush"
    assert client["redirectUris"] == ["http://127.0.0.1:8123/sign-in/callback/"]
    assert environment["OIDC_ISSUER"] == f"{environment['KEYCLOAK']}/realms/network"


def test_server_that_ends_at_once_shows_its_log(tools: Path, tmp_path: Path, packed: Path) -> None:
    java(tools, "17")
    home = tmp_path / "kc" / f"keycloak-{keycloak.VERSION}" / "bin"
    home.mkdir(parents=True)
    tool(home, "kc.sh", "#!/bin/sh\necho no port for me\nexit 1\n")

    with pytest.raises(NoKeycloak, match="no port for me"), running(tmp_path / "kc", site="s", secret="s"):
        pass
