"""The keeper makes due what the broker lost, before it makes a missing topic anew."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from kit_testing import eventually, unique
from shop_kit.kafka import Message, Publisher, Topic, TopicKeeper
from shop_kit.settings import KafkaSettings


class Watched(AIOKafkaAdminClient):  # type: ignore[misc]
    """An admin client that writes down what it makes."""

    def __init__(self, servers: str, story: list[str]):
        super().__init__(bootstrap_servers=servers)
        self.story = story

    async def create_topics(self, new_topics: list[object], **options: object) -> object:
        self.story.append("create")
        return await super().create_topics(new_topics, **options)


class Look:
    """A keeper of one topic, with the clients it looks through and the story of what it did."""

    def __init__(self, settings: KafkaSettings, publisher: Publisher):
        self.topic = unique("kept")
        self.partition = TopicPartition(self.topic, 0)
        self.publisher = publisher
        self.story: list[str] = []
        self.admin = Watched(settings.kafka_bootstrap_servers, self.story)
        self.reader = AIOKafkaConsumer(bootstrap_servers=settings.kafka_bootstrap_servers)
        self.failures = 0
        self.keeper = TopicKeeper(settings, [Topic(self.topic, compacted=True)], publisher, self.make_due)

    async def make_due(self) -> None:
        if self.failures:
            self.failures -= 1
            raise ConnectionError("the database is down")
        self.story.append("make due")

    async def __call__(self) -> list[str]:
        """One look; what the keeper did in it."""
        self.story.clear()
        await self.keeper.look(self.admin, self.reader)
        return list(self.story)

    async def make(self) -> None:
        await self.admin.create_topics([NewTopic(self.topic, num_partitions=3, replication_factor=1)])

    async def send(self, count: int) -> None:
        for n in range(count):
            await self.publisher.publish([Message(self.topic, b"%d" % n, b"v")])


@pytest.fixture
async def look(kafka: KafkaSettings, publisher: Publisher) -> AsyncIterator[Look]:
    made = Look(kafka, publisher)
    await made.admin.start()
    await made.reader.start()
    yield made
    await made.reader.stop()
    await made.admin.close()


async def test_a_missing_topic_is_made_after_its_content_is_due(look: Look) -> None:
    assert await look() == ["make due", "create"]
    assert look.topic in await look.admin.list_topics()
    assert await look() == []
    [described] = await look.admin.describe_topics([look.topic])
    assert len(described["partitions"]) == 3


async def test_a_topic_is_not_made_while_its_content_can_not_be_made_due(look: Look) -> None:
    look.failures = 2
    for _ in range(2):
        with pytest.raises(ConnectionError):
            await look()
        assert look.story == []
        assert look.topic not in await look.admin.list_topics()
    assert await look() == ["make due", "create"]


async def test_a_deleted_topic_is_made_anew(look: Look) -> None:
    await look()
    await look.send(5)
    assert await look() == []
    await look.admin.delete_topics([look.topic])
    assert await look() == ["make due", "create"]
    assert await look() == []
    assert not look.publisher.acked


async def test_a_topic_that_lost_what_was_acked_is_noticed(look: Look) -> None:
    await look()
    await look.send(4)
    assert await look() == []
    # The broker acks more, and has no more than before: what it acked was lost.
    look.publisher.acked[max(look.publisher.acked, key=lambda tp: look.publisher.acked[tp])] += 3
    assert await look() == ["make due"]
    assert await look() == []
    await look.send(2)
    assert await look() == []


async def test_a_topic_that_ends_lower_than_before_is_noticed(look: Look) -> None:
    await look()
    await look.send(9)
    assert await look() == []
    await look.admin.delete_topics([look.topic])
    await look.make()  # by another process, so to say: the topic is there again, shorter
    await look.send(1)
    assert await look() == ["make due"]
    assert await look() == []


async def test_it_looks_at_start_and_goes_on(kafka: KafkaSettings, look: Look) -> None:
    async def there() -> bool:
        return look.topic in await look.admin.list_topics()

    task = asyncio.create_task(look.keeper.run())
    await eventually(there)
    assert look.story == ["make due"]
    await look.admin.delete_topics([look.topic])
    await eventually(lambda: look.story == ["make due"] * 2)
    await eventually(there)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_partition_that_is_no_more_was_lost_and_stops_no_later_look(look: Look) -> None:
    await look.make()
    assert await look() == []
    look.publisher.acked[TopicPartition(look.topic, 5)] = 3
    async with asyncio.timeout(5):
        assert await look() == ["make due"]
        assert await look() == []
    await look.send(3)
    assert await look() == []
