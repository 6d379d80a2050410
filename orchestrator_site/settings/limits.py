"""Settings of what may come in; see docs/operations.md, Limits."""

import environ

_env = environ.Env()

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000  # bytes; a form page or a catalogue file
ANONYMOUS_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # bytes; of who shows no credentials, and may bring what was typed
FILE_UPLOAD_HANDLERS = ["orchestrator_site.limits.uploads.NoUploads"]
REQUEST_SECONDS: float = _env.float("REQUEST_SECONDS", default=30)  # within which a request arrives, its body included
REQUESTS_PER_MINUTE: int = _env.int("REQUESTS_PER_MINUTE", default=30_000)  # of one caller on a host; 0: any
