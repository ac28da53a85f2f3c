"""All that topics still have is read from the beginning, once, whatever a group has read of it."""

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from kit_testing import Note, note, unique
from shop_kit.kafka import Message, Publisher, history
from shop_kit.settings import KafkaSettings


async def topics(kafka: KafkaSettings, *names: str) -> list[str]:
    made = [unique(name) for name in names]
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.kafka_bootstrap_servers)
    await admin.start()
    await admin.create_topics([NewTopic(name, num_partitions=3, replication_factor=1) for name in made])
    await admin.close()
    return made


async def read(kafka: KafkaSettings, names: list[str]) -> list[list[int]]:
    return [[d.event.number for d in chunk] async for chunk in history(kafka, dict.fromkeys(names, Note))]


async def test_everything_is_read_and_what_fits_no_contract_is_left_out(
    kafka: KafkaSettings, publisher: Publisher
) -> None:
    names = await topics(kafka, "one", "other")
    values = [note(number) for number in range(250)]
    await publisher.publish([Message(names[n % 2], str(n).encode(), value) for n, value in enumerate(values)])
    await publisher.publish([Message(names[0], b"0", bad) for bad in (b"{", b"", None)])
    chunks = await read(kafka, names)
    assert sorted(number for chunk in chunks for number in chunk) == list(range(250))
    assert max(map(len, chunks)) <= 100
    assert sorted(number for chunk in await read(kafka, names) for number in chunk) == list(range(250))


async def test_an_empty_topic_has_no_history(kafka: KafkaSettings) -> None:
    assert await read(kafka, await topics(kafka, "empty")) == []
