"""The script `./run`: what it asks uv and Python for, told by stand-ins for both that note how they were called."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

RUN = Path(__file__).resolve().parents[1] / "run"
UV = """#!/bin/sh
echo "uv $*" >> calls
mkdir -p .venv/bin
printf '#!/bin/sh\\necho "python $*" >> calls\\n' > .venv/bin/python
chmod +x .venv/bin/python
"""
COMPILE = "python -m compileall -q manage.py orchestrator_site processes products subscriptions"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the script, a lock file from an hour ago, and a uv of its own."""
    shutil.copy(RUN, tmp_path)
    (tmp_path / "uv.lock").touch()
    _make_older(tmp_path / "uv.lock")
    (tmp_path / "orchestrator_site" / "__pycache__").mkdir(parents=True)
    (tmp_path / "manage.py").touch()
    _make_older(tmp_path / "manage.py")
    tool = tmp_path / "tools" / "uv"
    tool.parent.mkdir()
    tool.write_text(UV)
    tool.chmod(0o755)
    return tmp_path


def test_packages_are_compiled_when_they_are_installed_and_not_again(project: Path) -> None:
    assert _calls(project, "manage", "version") == [
        "uv sync --quiet --frozen --compile-bytecode --no-dev --inexact",
        COMPILE,
        "python manage.py version",
    ]
    assert _calls(project, "manage", "version") == [
        "uv sync --quiet --frozen --no-dev --inexact",
        "python manage.py version",
    ]


def test_our_code_is_compiled_when_a_file_of_it_has_changed(project: Path) -> None:
    _calls(project, "manage", "version")
    (project / "orchestrator_site" / "urls.py").touch()
    _make_older(project / "orchestrator_site" / "urls.py", seconds=-60)

    assert COMPILE in _calls(project, "manage", "version")


def test_our_code_is_compiled_where_its_byte_code_is_gone(project: Path) -> None:
    _calls(project, "manage", "version")
    (project / "orchestrator_site" / "__pycache__").rmdir()

    assert COMPILE in _calls(project, "manage", "version")


def test_packages_are_compiled_when_the_lock_has_changed(project: Path) -> None:
    _calls(project, "manage", "version")
    for mark in (project / ".venv").glob(".compiled-*"):
        _make_older(mark, seconds=7200)

    assert _calls(project, "manage", "version")[0] == "uv sync --quiet --frozen --compile-bytecode --no-dev --inexact"


def test_packages_of_another_command_are_compiled_too(project: Path) -> None:
    _calls(project, "manage", "version")

    assert _calls(project, "bench", "--help") == [
        "uv sync --quiet --frozen --compile-bytecode",
        COMPILE,
        "python -m tests.benchmarks --help",
    ]


def test_command_runs_beside_a_real_server(project: Path) -> None:
    assert _calls(project, "with", "keycloak", "./run", "test")[-1] == (
        "python -m orchestrator_site.local.keycloak ./run test"
    )


def test_unknown_server_is_refused(project: Path) -> None:
    done = subprocess.run(
        [project / "run", "with", "oracle", "true"], check=False, capture_output=True, text=True, timeout=30
    )

    assert (done.returncode, "with keycloak COMMAND" in done.stderr) == (2, True)


def test_other_database_is_tested_too_when_a_test_fails_on_the_first(project: Path) -> None:
    fails = """case "$*" in *pytest*-rs*) exit 1 ;; esac"""
    (project / "tools" / "uv").write_text(UV.replace("calls\\n'", f"calls\\n{fails}\\n'"))

    assert _run(project, "test").returncode == 1

    assert _called(project)[2:] == [
        "python -m pytest -n 3 --durations=20 -rs",
        "python -m pytest -n 3 --durations=20 --db sqlite -m database and not postgres and not browser and not demo",
    ]


def _calls(project: Path, *arguments: str) -> list[str]:
    """What was called, in order."""
    (project / "calls").unlink(missing_ok=True)
    assert _run(project, *arguments).returncode == 0
    return _called(project)


def _run(project: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PATH": f"{project / 'tools'}:{os.environ['PATH']}"}
    return subprocess.run(
        [project / "run", *arguments], env=environment, check=False, capture_output=True, text=True, timeout=30
    )


def _called(project: Path) -> list[str]:
    return (project / "calls").read_text().splitlines()


def _make_older(file: Path, *, seconds: int = 3600) -> None:
    at = file.stat().st_mtime - seconds
    os.utime(file, (at, at))
