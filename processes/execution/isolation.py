"""A failure with one process does not stop work on the others."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from processes.store import DATABASE_LOST

logger = logging.getLogger(__name__)


@contextmanager
def isolated(what: str, process_id: object) -> Iterator[None]:
    """Log what goes wrong with one process, and go on. Raises only that the database is out of reach."""
    try:
        yield
    except DATABASE_LOST:
        raise
    except Exception:
        logger.exception("Process %s: %s failed", process_id, what)
