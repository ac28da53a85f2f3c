"""The consumer on a real broker: work first, offsets last; poison aside, neighbours on."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaConnectionError
from kit_testing import Note, eventually, note, read, unique
from shop_kit.kafka import Consumer, Delivery, Message, Publisher
from shop_kit.settings import KafkaSettings

HEADERS = (("traceparent", b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),)
POISON = [b"{", b'{"number": "NaN"}', b"", None, b"\xff", b"[" * 100_000]


class Reader:
    """Keeps what a consumer was given. While `held`, the work does not end."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.deliveries: list[Delivery[Note]] = []
        self.chunks: list[int] = []
        self.began = asyncio.Event()
        self.free = asyncio.Event()
        self.free.set()

    async def handle(self, deliveries: Sequence[Delivery[Note]]) -> None:
        self.began.set()
        await self.free.wait()
        self.chunks.append(len(deliveries))
        self.deliveries.extend(deliveries)
        self.numbers.extend(d.event.number for d in deliveries)


@contextlib.asynccontextmanager
async def consuming(settings: KafkaSettings, topic: str, reader: Reader, publisher: Publisher) -> AsyncIterator[None]:
    task = asyncio.create_task(Consumer(settings, {topic: Note}, reader.handle, publisher).run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def admin(kafka: KafkaSettings) -> AsyncIterator[AIOKafkaAdminClient]:
    client = AIOKafkaAdminClient(bootstrap_servers=kafka.kafka_bootstrap_servers)
    await client.start()
    yield client
    await client.close()


@pytest.fixture
async def topic(admin: AIOKafkaAdminClient) -> str:
    name = unique("topic")
    await admin.create_topics([NewTopic(name, num_partitions=1, replication_factor=1)])
    return name


async def committed(admin: AIOKafkaAdminClient, settings: KafkaSettings, topic: str) -> int:
    """The offset that the group committed on the topic's first partition; 0 if none."""
    offsets = await admin.list_consumer_group_offsets(settings.kafka_group, partitions=[TopicPartition(topic, 0)])
    return max(0, *(int(found.offset) for found in offsets.values()))


async def send(publisher: Publisher, topic: str, *values: bytes | None) -> None:
    await publisher.publish([Message(topic, b"key", value, HEADERS) for value in values])


async def test_each_life_begins_where_the_work_of_the_last_one_ended(
    kafka: KafkaSettings, publisher: Publisher, admin: AIOKafkaAdminClient, topic: str
) -> None:
    async def all_committed() -> bool:
        return await committed(admin, kafka, topic) == 3

    await send(publisher, topic, note(1), note(2), note(3))
    first, second, third = Reader(), Reader(), Reader()
    first.free.clear()
    async with consuming(kafka, topic, first, publisher):
        await asyncio.wait_for(first.began.wait(), 20)
        assert await committed(admin, kafka, topic) == 0
    assert first.numbers == []
    async with consuming(kafka, topic, second, publisher):
        await eventually(all_committed, seconds=40)
    assert second.numbers == [1, 2, 3]
    await send(publisher, topic, note(4))
    async with consuming(kafka, topic, third, publisher):
        await eventually(lambda: third.numbers, seconds=40)
    assert third.numbers == [4]


async def test_poison_goes_to_the_dead_letters_with_its_story(
    kafka: KafkaSettings, publisher: Publisher, topic: str
) -> None:
    await send(publisher, topic, note(1), note(2), *POISON, note(3))
    reader = Reader()
    async with consuming(kafka, topic, reader, publisher):
        await eventually(lambda: reader.numbers == [1, 2, 3])
        await send(publisher, topic, note(4))
        await eventually(lambda: reader.numbers == [1, 2, 3, 4])
    dead = await read(kafka.kafka_bootstrap_servers, f"{topic}.{kafka.kafka_group}.dlq", len(POISON))
    # A broker may give no value back as an empty one.
    assert [(letter.key, letter.value or b"") for letter in dead] == [(b"key", value or b"") for value in POISON]
    for offset, letter in enumerate(dead, start=2):
        story = dict(letter.headers)
        assert list(story) == ["traceparent", "dlq.topic", "dlq.partition", "dlq.offset", "dlq.error", "dlq.time"]
        assert story["traceparent"] == HEADERS[0][1]
        assert (story["dlq.topic"], story["dlq.partition"]) == (topic.encode(), b"0")
        assert story["dlq.offset"] == str(offset).encode()
        assert story["dlq.error"].startswith((b"ValidationError: ", b"ValueError: "))
        assert int(story["dlq.time"]) == pytest.approx(letter.timestamp, abs=20_000)


async def test_poison_is_in_the_dead_letters_before_its_offset_moves(
    kafka: KafkaSettings, admin: AIOKafkaAdminClient, publisher: Publisher, topic: str
) -> None:
    await send(publisher, topic, b"{")
    tried, mended = asyncio.Event(), asyncio.Event()
    buried: list[bytes | None] = []

    class Refusing(Publisher):
        async def publish(self, messages: Sequence[Message]) -> None:
            tried.set()
            if not mended.is_set():
                raise KafkaConnectionError("no dead letters now")
            buried.extend(m.value for m in messages)

    async def moved() -> bool:
        return await committed(admin, kafka, topic) == 1

    async with consuming(kafka, topic, Reader(), Refusing(kafka)):
        await asyncio.wait_for(tried.wait(), 20)
        assert not await moved()
        mended.set()
        await eventually(moved)
    assert buried == [b"{"]


async def test_every_partition_is_read_in_order_and_in_bounded_chunks(
    kafka: KafkaSettings, publisher: Publisher, admin: AIOKafkaAdminClient
) -> None:
    wide = unique("wide")
    await admin.create_topics([NewTopic(wide, num_partitions=5, replication_factor=1)])
    async with AIOKafkaProducer(bootstrap_servers=kafka.kafka_bootstrap_servers) as producer:
        for number in range(250):
            await producer.send(wide, note(number), partition=number % 5, headers=list(HEADERS))
    reader = Reader()
    async with consuming(kafka, wide, reader, publisher):
        await eventually(lambda: len(reader.numbers) == 250)
    for partition in range(5):
        numbers = [d.event.number for d in reader.deliveries if d.record.partition == partition]
        assert numbers == list(range(partition, 250, 5))
    assert max(reader.chunks) == 100
    assert reader.deliveries[0].traceparent == HEADERS
