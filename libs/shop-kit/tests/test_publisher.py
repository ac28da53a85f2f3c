"""A message counts as sent when the broker acked it."""

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaConnectionError
from kit_testing import kafka_settings, read, unique
from shop_kit.kafka import Message, Publisher
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
