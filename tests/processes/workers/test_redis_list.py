"""Messages by way of a real Redis, and of a table when it is away."""

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from processes.workers import cluster, redis_list
from tests.faults import redis_server
from tests.faults.redis_server import RedisServer

needs_redis = pytest.mark.skipif(redis_server.program() is None, reason="no Redis found (apt-get install redis-server)")


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is known of any Redis, and it is asked at once again."""
    monkeypatch.setattr(redis_list._State, "is_away", False)
    monkeypatch.setattr(redis_list._State, "asked_again_at", 0.0)
    monkeypatch.setattr(redis_list, "PAUSE_SECONDS", 0.0)
    yield
    redis_list._client.cache_clear()


@pytest.fixture
def server(settings: Settings) -> Iterator[RedisServer]:
    with tempfile.TemporaryDirectory(prefix="redis-") as folder, redis_server.running(Path(folder)) as running:
        settings.REDIS_URL = running.url
        yield running


@needs_redis
def test_messages_come_in_the_order_in_which_they_were_pushed(server: RedisServer) -> None:
    for message in ("one", "two"):
        redis_list.push("list", message)

    assert redis_list.count("list") == 2
    assert [redis_list.pop("list", 1), redis_list.pop("list", 1)] == [b"one", b"two"]
    assert (redis_list.pop("list", 0.01), redis_list.count("list")) == (None, 0)


@needs_redis
def test_list_that_is_cleared_is_empty(server: RedisServer) -> None:
    redis_list.push("list", "one")

    redis_list.clear("list")

    assert redis_list.count("list") == 0


@needs_redis
def test_redis_that_is_back_is_used_again(server: RedisServer, caplog: pytest.LogCaptureFixture) -> None:
    server.kill()
    for _ in range(2):
        with pytest.raises(redis_list.Away):
            redis_list.push("list", "one")
    server.start()

    redis_list.push("list", "two")

    assert redis_list.pop("list", 1) == b"two"
    assert [one.message.partition(" (")[0] for one in caplog.records] == [
        "Redis is not responding",
        "Redis is responding again",
    ]


@needs_redis
def test_redis_that_never_answers_is_away(server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_list, "ANSWER_SECONDS", 0.2)
    server.freeze()

    with pytest.raises(redis_list.Away):
        redis_list.count("list")


@needs_redis
def test_redis_that_did_not_answer_is_not_asked_for_a_while(
    server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_list._State, "asked_again_at", time.monotonic() + 60)

    with pytest.raises(redis_list.Away):
        redis_list.count("list")


def test_nobody_asks_for_redis_without_an_address() -> None:
    with pytest.raises(redis_list.Away):
        redis_list.count("list")


def test_address_without_the_package_is_a_mistake_of_the_settings(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1"
    monkeypatch.setitem(sys.modules, "redis", None)

    with pytest.raises(ImproperlyConfigured, match="extra `redis`"):
        redis_list.count("list")


@needs_redis
@pytest.mark.django_db
def test_offers_go_through_redis(server: RedisServer) -> None:
    cluster.offer_serving(2)

    assert (cluster.offered(), server.client.llen(cluster.queue_name())) == (2, 2)
    server.client.flushall()
    assert cluster.offered() == 0
    cluster.offer_serving(1)
    cluster.forget_all()
    assert cluster.offered() == 0


@needs_redis
@pytest.mark.django_db
def test_offers_go_through_the_table_while_redis_is_away(server: RedisServer) -> None:
    cluster.offer_serving(1)
    server.kill()
    cluster.offer_serving(2)

    broker = cluster.Broker(cluster.queue_name())
    assert cluster.offered() == 2
    assert [bool(broker.dequeue()), bool(broker.dequeue()), cluster.offered()] == [True, True, 0]

    cluster.offer_serving(1)
    cluster.forget_all()
    assert cluster.offered() == 0


@needs_redis
@pytest.mark.django_db
def test_broker_hands_out_what_was_offered(server: RedisServer) -> None:
    cluster.offer_serving(1)
    broker = cluster.Broker(cluster.queue_name())

    (number, message), *more = broker.dequeue() or []

    assert (number, bool(message), more, cluster.offered()) == (0, True, [], 0)
