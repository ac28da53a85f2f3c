"""A message counts as sent when the broker acked it."""

import asyncio
import gc
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaConnectionError, KafkaTimeoutError, LeaderNotAvailableError, OutOfOrderSequenceNumber
from kit_testing import kafka_settings, read, unique
from shop_kit.kafka import Message, Publisher
from shop_kit.kafka import publisher as module
from shop_kit.settings import KafkaSettings


async def test_acks_are_counted_by_partition(kafka: KafkaSettings, publisher: Publisher) -> None:
    topic = unique("acks")
    messages = [Message(topic, b"k%d" % n, b"v%d" % n, (("h", b"x"),)) for n in range(20)]
    await publisher.publish(messages)
    records = await read(kafka.kafka_bootstrap_servers, topic, 20)
    assert sorted(r.value for r in records) == sorted(b"v%d" % n for n in range(20))
    assert all(r.headers == (("h", b"x"),) for r in records)
    counts = {TopicPartition(topic, p): sum(r.partition == p for r in records) for p in {r.partition for r in records}}
    assert dict(publisher.acked) == counts
    assert len(counts) > 1


async def test_one_key_keeps_its_order(kafka: KafkaSettings, publisher: Publisher) -> None:
    topic = unique("order")
    for n in range(0, 30, 10):
        await publisher.publish([Message(topic, b"one", b"%d" % m) for m in range(n, n + 10)])
    records = await read(kafka.kafka_bootstrap_servers, topic, 30)
    assert [int(r.value) for r in records] == list(range(30))


async def test_nothing_is_sent_for_nothing(publisher: Publisher) -> None:
    await publisher.publish([])
    assert not publisher.acked


async def test_a_dead_broker_is_an_error_and_no_ack() -> None:
    publisher = Publisher(kafka_settings("127.0.0.1:1"))
    with pytest.raises(KafkaConnectionError):
        await publisher.publish([Message("t", None, b"v")])
    assert not publisher.acked
    await publisher.close()


async def test_a_producer_that_fails_is_replaced(kafka: KafkaSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """An idempotent one never recovers from a batch that it lost."""

    class Broken:
        stopped = False

        async def start(self) -> None: ...

        async def send(self, *_: object, **__: object) -> asyncio.Future[Any]:
            lost: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            lost.set_exception(OutOfOrderSequenceNumber())
            return lost

        async def stop(self) -> None:
            self.stopped = True

    broken, topic = Broken(), unique("replaced")
    monkeypatch.setattr(module, "AIOKafkaProducer", lambda **_: broken)
    publisher = Publisher(kafka)
    with pytest.raises(OutOfOrderSequenceNumber):
        await publisher.publish([Message(topic, b"k", b"lost")])
    assert not publisher.acked
    monkeypatch.setattr(module, "AIOKafkaProducer", AIOKafkaProducer)
    await publisher.publish([Message(topic, b"k", b"sent")])
    assert publisher.acked.total() == 1
    await publisher.close()
    assert broken.stopped
    assert [record.value for record in await read(kafka.kafka_bootstrap_servers, topic, 1)] == [b"sent"]


async def test_an_ack_that_nobody_waits_for_is_no_line_in_the_log(
    kafka: KafkaSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second message can't be sent; then the first is lost, too."""

    class Broken:
        first: asyncio.Future[Any] | None = None

        async def start(self) -> None: ...

        async def send(self, *_: object, **__: object) -> asyncio.Future[Any]:
            if self.first is not None:
                raise KafkaTimeoutError
            self.first = asyncio.get_running_loop().create_future()
            return self.first

        async def stop(self) -> None: ...

    said: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: said.append(context))
    broken = Broken()
    monkeypatch.setattr(module, "AIOKafkaProducer", lambda **_: broken)
    publisher = Publisher(kafka)
    with pytest.raises(KafkaTimeoutError):
        await publisher.publish([Message("t", b"k", b"one"), Message("t", b"k", b"two")])
    assert broken.first is not None
    broken.first.set_exception(LeaderNotAvailableError())
    await asyncio.sleep(0)
    broken.first = None
    gc.collect()
    assert (said, publisher.acked.total()) == ([], 0)
    await publisher.close()


async def test_a_producer_that_was_given_up_may_take_long_to_end(
    kafka: KafkaSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Longer than the service's end may: that cuts it short."""

    class Slow:
        ended = ""

        async def start(self) -> None: ...

        async def send(self, *_: object, **__: object) -> asyncio.Future[Any]:
            raise KafkaTimeoutError

        async def stop(self) -> None:
            try:
                await asyncio.sleep(30)
                self.ended = "in time"
            except asyncio.CancelledError:
                self.ended = "cut short"
                raise

    slow = Slow()
    monkeypatch.setattr(module, "AIOKafkaProducer", lambda **_: slow)
    publisher = Publisher(kafka)
    with pytest.raises(KafkaTimeoutError):
        await publisher.publish([Message("t", b"k", b"v")])
    await asyncio.sleep(5.5)
    assert slow.ended == ""
    await asyncio.wait_for(publisher.close(), 1)
    await asyncio.sleep(0)
    assert slow.ended == "cut short"
