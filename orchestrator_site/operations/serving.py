"""How gunicorn serves the site: `gunicorn -c python:orchestrator_site.operations.serving`, which takes its options."""

import gc
import os

wsgi_app = "orchestrator_site.wsgi"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "orchestrator_site.operations.web_worker.BufferingWorker"
threads = 4
worker_connections = 2000
preload_app = True  # the code is loaded once, and its memory shared by all web processes
control_socket_disable = True
umask = 0o077  # whatever it writes is for this user

# A request waits no longer than this for the database; a worker of processes may have reasons to.
os.environ.setdefault("DATABASE_STATEMENT_SECONDS", "30")
os.environ.setdefault("DATABASE_LOCK_SECONDS", "10")


def when_ready(server: object) -> None:  # noqa: ARG001 - gunicorn's hook, before the first fork
    """Keep the collector from what lives as long as the process: it would copy shared pages, and take 0.1 s a time."""
    gc.collect()
    gc.freeze()
