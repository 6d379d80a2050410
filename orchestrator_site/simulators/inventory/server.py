"""Serves the inventory on loopback, in the foreground or in a thread of a test."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from orchestrator_site.simulators.inventory.app import InventoryApp
from orchestrator_site.simulators.inventory.knobs import Knobs

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Served:
    """A running inventory: `url` has no trailing slash."""

    url: str
    knobs: Knobs


class QuietHandler(WSGIRequestHandler):
    """Writes nothing to the terminal; the calls are in the application's own log."""

    timeout = 30  # seconds a client may take to say what it wants

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing: see `/_requests/`."""


def open_server(app: InventoryApp, port: int) -> BaseWSGIServer:
    """A server with its socket bound; port 0 lets the system choose."""
    return make_server(LOOPBACK, port, app, threaded=True, request_handler=QuietHandler)


@contextmanager
def serve_in_thread(file: Path, port: int = 0, *, token: str = "") -> Iterator[Served]:
    """An inventory reached over real HTTP for as long as the block lasts."""
    app = InventoryApp(file, token=token)
    server = open_server(app, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Served(f"http://{LOOPBACK}:{server.server_port}", app.knobs)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
