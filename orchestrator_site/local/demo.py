"""Run the whole site on this machine: database, web server, workers and the systems it talks to; `./run demo`.

It starts programs and needs nothing of Django, which would take it longer than everything else that it does.
"""

import argparse
import fcntl
import json
import os
import secrets
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from orchestrator_site.local import embedded_postgres, preparation
from orchestrator_site.local import keycloak as local_keycloak
from orchestrator_site.local.children import Child, ChildFailed, Children

START_SECONDS = 90
PORT = 8000


ROOT = Path(__file__).resolve().parents[2]


class NotStarted(Exception):
    """The demo cannot run; the message says why."""


def main() -> None:
    """Run until Ctrl-C. Data is kept for the next run."""
    wanted = _parser().parse_args()
    data: Path = wanted.data.resolve()
    os.umask(0o077)  # data, secrets and logs are this user's, and those of nobody else
    try:
        with _alone(data):
            port = _port(wanted.port, PORT, "--port")
            with (
                _database(data, postgres=wanted.postgres) as database,
                _provider(data, port, keycloak=wanted.keycloak) as provider,
            ):
                inventory = _inventory_port(wanted.inventory_port, port)
                os.environ.update(_environment(data, inventory) | database | provider)
                _run(data, port, inventory)
    except (NotStarted, ChildFailed, embedded_postgres.NoServer, local_keycloak.NoKeycloak) as error:
        sys.exit(f"The demo did not start. {error}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./run demo", description="Run the whole site on this machine until Ctrl-C. Data is kept for the next run."
    )
    parser.add_argument("--port", type=int, help=f"port of the site (default {PORT}, or a free one)")
    parser.add_argument(
        "--inventory-port",
        type=int,
        help="port of the inventory simulator (default: the next, or a free one; none where INVENTORY_URL is set)",
    )
    parser.add_argument("--data", type=Path, default=ROOT / ".data", help="data folder")
    parser.add_argument("--keycloak", action="store_true", help="sign in through a Keycloak of its own (needs Java)")
    parser.add_argument("--postgres", action="store_true", help="use an embedded PostgreSQL instead of SQLite")
    return parser


@contextmanager
def _provider(data: Path, port: int, *, keycloak: bool) -> Iterator[dict[str, str]]:
    """The variables that name the identity provider; none without one."""
    if not keycloak:
        yield {}
        return
    _tell("Starting Keycloak …")
    site = f"http://127.0.0.1:{port}"
    with local_keycloak.running(data / "keycloak", site=site, secret=_kept(data / "oidc-secret")) as environment:
        yield environment


def _run(data: Path, port: int, inventory_port: int | None) -> None:
    children = Children(_tell)
    children.stop_on_signals()
    try:
        if inventory_port is not None:
            children.add(_inventory(data, inventory_port))
        if not _prepare(data, children):
            return
        children.add(_web(data, port))
        children.add(_workers(data))
        if _until_well(children, port):
            _welcome(data, port)
            children.wait()
    finally:
        _tell("\nStopping …")
        children.stop()
    _tell(f"Stopped. All data is kept in {data}.")


def _welcome(data: Path, port: int) -> None:
    _tell(
        f"""
  The orchestrator runs at   http://127.0.0.1:{port}/
  Its inventory              {os.environ["INVENTORY_URL"]}/
  The REST interface         http://127.0.0.1:{port}/api/docs/

  Sign in as operator (password: operator) and choose “New subscription”: order a node, then a port on it.
  There are also admin, modeller and viewer, each with its name as its password.

{_people_of_keycloak()}  Logs and data are in {data}. Ctrl-C stops everything.
"""
    )


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _people_of_keycloak() -> str:
    """What the welcome says of Keycloak; nothing without it."""
    address = os.environ.get("KEYCLOAK")
    if not address:
        return ""
    return f"""  Keycloak                   {address}/admin/master/console/#/network (root, password: root)
  Choose “Sign in with your organisation” for its people: ada (admin), mo (modeller), olga and nina (operators),
  vera (viewer) and noel (no role), each with the name as the password.

"""


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Hold the data folder; two sites on one folder would spoil it."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        data.chmod(0o700)
        held = (data / "lock").open("w")
    except OSError as error:
        raise NotStarted(f"{data} cannot be written: {error.strerror}. Choose another folder with --data.") from error
    with held as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NotStarted(f"Another demo is running on {data}. Stop it, or choose another --data.") from error
        yield


@contextmanager
def _database(data: Path, *, postgres: bool) -> Iterator[dict[str, str]]:
    """The variables that name the database: DATABASE_URL as given, a server of our own, or an SQLite file."""
    if "DATABASE_URL" in os.environ:
        yield {}
    elif postgres:
        with embedded_postgres.running(data / "postgres") as address:
            yield {"DATABASE_URL": address}
    else:
        yield {"DATABASE_URL": f"sqlite:///{data / 'orchestrator.sqlite3'}"}


def _port(asked: int | None, usual: int, option: str) -> int:
    """The port that was asked for, which must be free; else the usual one, or any that is free."""
    if asked is not None:
        if not _is_free(asked):
            raise NotStarted(f"Port {asked} is in use. Choose another with {option}.")
        return asked
    return usual if _is_free(usual) else _free()


def _inventory_port(asked: int | None, port: int) -> int | None:
    """The port of the simulator; none where somebody has said where the inventory is."""
    if "INVENTORY_URL" in os.environ and asked is None:
        return None
    return _port(asked, port + 1, "--inventory-port")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(data: Path, inventory_port: int | None) -> dict[str, str]:
    """What the children are told; of the inventory nothing where somebody has said where it is."""
    inventory = {} if inventory_port is None else {"INVENTORY_URL": f"http://127.0.0.1:{inventory_port}"}
    return {
        "DJANGO_SETTINGS_MODULE": "orchestrator_site.settings.demo",
        "DATA_DIR": str(data),
        "SECRET_KEY": _kept(data / "secret-key"),
        "INVENTORY_TOKEN": os.environ.get("INVENTORY_TOKEN") or _kept(data / "inventory-token"),
        **inventory,
        "PYTHONUNBUFFERED": "1",
    }


def _kept(file: Path) -> str:
    """A secret made at the first start and readable by this user alone."""
    if not file.exists():
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as made:
            made.write(secrets.token_urlsafe(50))
    return file.read_text()


def _prepare(data: Path, children: Children) -> bool:
    """Run `prepare_demo`, unless an earlier start has left nothing to do; False when told to stop."""
    preparations = preparation.of(data, os.environ["DATABASE_URL"])
    if preparations is not None and preparations.is_done():
        return not children.is_stopping
    _tell("Preparing the database …")
    done = subprocess.run(  # noqa: S603 - our own command
        [*_manage(), "prepare_demo"], check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    (data / "logs").mkdir(exist_ok=True)
    (data / "logs" / "prepare.log").write_text(done.stdout)
    if done.returncode and not children.is_stopping:
        raise NotStarted(f"The database could not be prepared:\n{done.stdout[-4000:]}")
    if preparations is not None and not done.returncode:
        preparations.note()
    return not children.is_stopping


def _inventory(data: Path, port: int) -> Child:
    module = "orchestrator_site.simulators.inventory"
    command = [sys.executable, "-m", module, "--port", str(port), "--file", str(data / "inventory.sqlite3")]
    return Child("The inventory", command, data / "logs" / "inventory.log")


def _web(data: Path, port: int) -> Child:
    command = [sys.executable, "-m", "gunicorn", "-c", "python:orchestrator_site.operations.serving"]
    command += ["--bind", f"127.0.0.1:{port}", "--graceful-timeout", "4"]
    return Child("The web server", command, data / "logs" / "web.log")


def _workers(data: Path) -> Child:
    return Child("The workers", [*_manage(), "workers"], data / "logs" / "workers.log")


def _manage() -> list[str]:
    return [sys.executable, str(ROOT / "manage.py")]


def _until_well(children: Children, port: int) -> bool:
    """Wait until the site says it is well; False when told to stop meanwhile."""
    for _ in range(START_SECONDS * 2):
        if children.pause(0.5):
            return False
        if _health(port) == "ok":
            return True
    raise NotStarted("The site did not start in time; see its logs.")


def _health(port: int) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health/", timeout=2) as response:
            return str(json.load(response)["status"])
    except (urllib.error.URLError, OSError, ValueError):
        return ""


if __name__ == "__main__":
    main()
