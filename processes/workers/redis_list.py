"""Lists of messages in Redis, for the queue when REDIS_URL is set. It may be away or forget; callers do without."""

import logging
import time
from collections.abc import Callable
from functools import lru_cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 0.5
ANSWER_SECONDS = 3.0
"""Longer than any `pop` waits."""
PAUSE_SECONDS = 2.0
"""How long a Redis that did not answer is not asked again: callers have other things to do."""


class Away(Exception):
    """Redis is not asked for by the settings, or does not answer."""


class _State:
    """What this operating-system process knows of Redis."""

    is_away = False
    asked_again_at = 0.0


def push(name: str, message: str | bytes) -> None:
    """Put a message at the end of a list. Raises Away."""
    _ask(lambda client: client.rpush(name, message))


def pop(name: str, seconds: float) -> bytes | None:
    """Take the first message, waiting so long for one. Raises Away."""
    found = _ask(lambda client: client.blpop([name], seconds))
    return None if found is None else bytes(found[1])


def count(name: str) -> int:
    """How many messages a list holds. Raises Away."""
    return int(_ask(lambda client: client.llen(name)))


def clear(name: str) -> None:
    """Delete a list. Raises Away."""
    _ask(lambda client: client.delete(name))


def _ask(question: Callable[[Any], Any]) -> Any:
    if not settings.REDIS_URL or time.monotonic() < _State.asked_again_at:
        raise Away
    client = _client(settings.REDIS_URL)
    try:
        answer = question(client)
    except _package().RedisError as error:
        _State.asked_again_at = time.monotonic() + PAUSE_SECONDS
        _tell_away(error)
        raise Away from error
    _tell_back()
    return answer


def _tell_away(error: Exception) -> None:
    if not _State.is_away:
        logger.warning("Redis is not responding (%s); the queue table is used meanwhile", error)
    _State.is_away = True


def _tell_back() -> None:
    if _State.is_away:
        logger.warning("Redis is responding again")
    _State.is_away = False


@lru_cache(maxsize=4)
def _client(url: str) -> Any:
    """A client that connects at its first question and never tries twice. Raises ImproperlyConfigured."""
    redis = _package()
    return redis.Redis.from_url(
        url,
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=ANSWER_SECONDS,
        retry=redis.retry.Retry(redis.backoff.NoBackoff(), 0),
    )


def _package() -> Any:
    """Imported where it is asked for only: it would cost every worker twenty megabytes. Raises ImproperlyConfigured."""
    try:
        return import_module("redis")
    except ImportError as error:
        told = "REDIS_URL is set, but the package redis is not installed (the extra `redis`)."
        raise ImproperlyConfigured(told) from error
