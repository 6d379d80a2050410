"""A real Keycloak on this machine, for the demo and for tests: fetched once, started with a realm of ours, stopped.

    ./run with keycloak COMMAND…    run a command with its address in the environment

It is a Java program of 170 MB, which Maven fetches from Maven Central. Its realm is made anew at each start; the ids of
its people stay the same, so that the site knows them again.
"""

import argparse
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

VERSION = "26.7.3"
SHA256 = "77657f30b7e90d70f727712ce1c967f430fd6a5e9f458d32d8c6df0635345f47"
ARTIFACT = f"org.keycloak:keycloak-quarkus-dist:{VERSION}:tar.gz"
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"
OLDEST_JAVA = 17
START_SECONDS = 240
STOP_SECONDS = 20
REALM = Path(__file__).with_name("keycloak_realm.json")
ADMIN = "root"  # name and password of its own administrator, on loopback only


class NoKeycloak(Exception):
    """Keycloak cannot run here; the message says what is missing."""


@contextmanager
def running(folder: Path, *, site: str, secret: str, port: int = 0) -> Iterator[dict[str, str]]:
    """Run Keycloak for the site at that address; gives the environment that the site needs.

    Raises `NoKeycloak` when Java is missing, Keycloak cannot be fetched, or it does not start.
    """
    home = _installed(folder)
    port = port or _free_port()
    address = f"http://127.0.0.1:{port}"
    _import_realm(home, {"@SITE@": site, "@SECRET@": secret})
    log = folder / "keycloak.log"
    process = _start(home, address, port, log)
    try:
        _wait(process, f"{address}/realms/network/.well-known/openid-configuration", log)
        yield {
            "KEYCLOAK": address,
            "KEYCLOAK_ADMIN": f"{ADMIN}:{ADMIN}",
            "OIDC_ISSUER": f"{address}/realms/network",
            "OIDC_CLIENT_ID": "orchestrator",
            "OIDC_CLIENT_SECRET": secret,
            "OIDC_AUDIENCE": "orchestrator",
        }
    finally:
        _stop(process)


def _installed(folder: Path) -> Path:
    """The folder of an unpacked Keycloak below `folder`; fetched when it is not there."""
    home = folder / f"keycloak-{VERSION}"
    _check_java()
    if (home / "bin" / "kc.sh").exists():
        return home
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"keycloak-quarkus-dist-{VERSION}.tar.gz"
    if not archive.exists():
        _fetch(archive)
    if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
        archive.unlink()
        raise NoKeycloak("What was fetched is not the Keycloak that is expected. Try again.")
    unpacked = folder / "unpacking"
    shutil.rmtree(unpacked, ignore_errors=True)
    with tarfile.open(archive) as packed:
        packed.extractall(unpacked, filter="tar")
    (unpacked / f"keycloak-{VERSION}").rename(home)
    unpacked.rmdir()
    archive.unlink()
    return home


def _check_java() -> None:
    try:
        told = subprocess.run(["java", "-version"], capture_output=True, text=True, check=True).stderr  # noqa: S607
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoKeycloak(f"Keycloak needs Java {OLDEST_JAVA} or newer; there is no `java` on this machine.") from error
    version = told.partition('"')[2].partition('"')[0].split(".")[0]
    if version.isdecimal() and int(version) < OLDEST_JAVA:
        raise NoKeycloak(f"Keycloak needs Java {OLDEST_JAVA} or newer; this machine has Java {version}.")


def _fetch(archive: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise NoKeycloak("Keycloak is fetched by Maven; there is no `mvn` on this machine.")
    sys.stderr.write("Fetching Keycloak, 170 MB …\n")
    command = [maven, "-q", "-B", COPY, f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={archive.parent.resolve()}"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - our own words
    if done.returncode or not archive.exists():
        raise NoKeycloak(f"Maven could not fetch Keycloak:\n{(done.stdout + done.stderr)[-2000:]}")


def _import_realm(home: Path, words: Mapping[str, str]) -> None:
    """Lay the realm where Keycloak finds it, and forget the one of the last run."""
    shutil.rmtree(home / "data", ignore_errors=True)
    text = REALM.read_text()
    for word, value in words.items():
        text = text.replace(word, value)
    (home / "data" / "import").mkdir(parents=True)
    (home / "data" / "import" / "network.json").write_text(text)


def _start(home: Path, address: str, port: int, log: Path) -> "subprocess.Popen[bytes]":
    options = ["--import-realm", "--http-host", "127.0.0.1", "--http-port", str(port), "--hostname", address]
    own = {"KC_BOOTSTRAP_ADMIN_USERNAME": ADMIN, "KC_BOOTSTRAP_ADMIN_PASSWORD": ADMIN}
    with log.open("wb") as output:
        return subprocess.Popen(  # noqa: S603 - our own words
            [str(home / "bin" / "kc.sh"), "start-dev", *options, "--cache", "local"],
            env={**os.environ, **own},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _wait(process: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - loopback
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    raise NoKeycloak(f"Keycloak did not start. Last lines of {log}:\n{tail}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(STOP_SECONDS)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main(arguments: argparse.Namespace) -> int:
    """Run a command beside Keycloak; its exit code."""
    if not arguments.command:
        sys.stderr.write("Name a command: ./run with keycloak COMMAND…\n")
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with running(arguments.folder, site=arguments.site, secret="for-this-machine-alone") as environment:  # noqa: S106
            sys.stderr.write("".join(f"{name}={value}\n" for name, value in environment.items()))
            return subprocess.run(arguments.command, check=False, env={**os.environ, **environment}).returncode  # noqa: S603
    except NoKeycloak as error:
        sys.stderr.write(f"{error}\n")
        return 3
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    root = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description="Run a command beside a real Keycloak.")
    parser.add_argument("--site", default="http://127.0.0.1:8000", help="address of the site (default %(default)s)")
    parser.add_argument("--folder", type=Path, default=root / ".data" / "keycloak", help="where Keycloak is kept")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    sys.exit(main(parser.parse_args()))
