"""A web process: gunicorn starts, watches and stops it; within it waitress takes requests, and threads answer them.

gunicorn's own threads read the bodies of requests: eight slow senders were the whole site.
"""

import os
import resource
import socket
import time
from collections.abc import Callable, Iterable
from typing import Any

from gunicorn.config import Config
from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.task import ThreadedTaskDispatcher

from orchestrator_site.operations import server_options
from orchestrator_site.operations.connections import TcpServer, UnixServer, adjustments

Environment = dict[str, Any]
Application = Callable[[Environment, Callable[..., Any]], Iterable[bytes]]

OPEN_FILES = 8192
"""Each connection is one, and each body that is not small."""
LOOK_SECONDS = 1.0
WAIT_SECONDS = 0.5
QUICK_THREADS = 2
"""Besides those of pages: for static files, health and refusals, also while every other waits for the database."""
PAUSE_PER_CONNECTION = 0.00001
"""Seconds: a round of the loop costs as much as there are connections, and thousands that each send a byte now and then
would keep it turning; it takes what has come in meanwhile in one go."""


class BufferingWorker(Worker):
    """gunicorn's worker class of this site."""

    @classmethod
    def check_config(cls, cfg: Config, log: object) -> None:  # noqa: ARG003 - what gunicorn calls before it forks
        """Raise NotFollowed for options that would do nothing."""
        server_options.check(cfg)

    def run(self) -> None:
        """Serve until told to stop, then end what has begun."""
        _allow_open_files()
        self._map: dict[int, Any] = {}
        adj = adjustments(threads=self.cfg.threads, connections=self.cfg.worker_connections)
        self._dispatcher = ThreadedTaskDispatcher()
        self._dispatcher.set_thread_count(adj.threads)
        self._quick = ThreadedTaskDispatcher()
        self._quick.set_thread_count(QUICK_THREADS)
        self._servers = [self._listen(one.sock, adj) for one in self.sockets]
        looked_at = 0.0
        while self.alive and self.ppid == os.getppid():
            self.notify()
            self._turn(WAIT_SECONDS)
            now = time.time()
            if not looked_at <= now < looked_at + LOOK_SECONDS:
                looked_at = now
                for server in self._servers:
                    server.look(now)
        self._finish()

    def _listen(self, listener: socket.socket, adj: Any) -> TcpServer | UnixServer:
        kind = UnixServer if listener.family == socket.AF_UNIX else TcpServer
        about = (listener.family, listener.type, listener.proto, listener.getsockname())
        server = kind(
            self._application(self.wsgi),
            self._map,
            True,
            listener,
            dispatcher=self._dispatcher,
            adj=adj,
            bind_socket=False,
            sockinfo=about,
        )
        server.quick = self._quick
        return server

    def _turn(self, seconds: float) -> None:
        """One round of the loop: whatever can be read or written."""
        wasyncore.loop(timeout=seconds, use_poll=True, map=self._map, count=1)
        if len(self._map) > 100:
            time.sleep(len(self._map) * PAUSE_PER_CONNECTION)

    def _application(self, site: Application) -> Application:
        """The site, counted, and without bodies in answers to HEAD, which waitress would send."""

        def answer(environ: Environment, start_response: Callable[..., Any]) -> Iterable[bytes]:
            self.nr += 1
            if self.nr >= self.max_requests:
                self.alive = False
            body = site(environ, start_response)
            if environ["REQUEST_METHOD"] != "HEAD":
                return body
            if hasattr(body, "close"):
                body.close()
            return []

        return answer

    def _finish(self) -> None:
        """Take no more connections; wait for the answers that are being made and fetched."""
        for server in self._servers:
            server.del_channel()
            server.socket.close()
        until = time.monotonic() + self.cfg.graceful_timeout
        while self._is_busy() and time.monotonic() < until:
            self.notify()
            self._turn(0.1)
        for dispatcher in (self._dispatcher, self._quick):
            dispatcher.shutdown(timeout=0)

    def _is_busy(self) -> bool:
        return any(one.is_answered for server in self._servers for one in server.active_channels.values())


def _allow_open_files() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
