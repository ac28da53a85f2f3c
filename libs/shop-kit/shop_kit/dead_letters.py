"""Commands for operators: `python -m shop_kit.dead_letters` lists the dead letters, and with `replay TOPIC PARTITION
OFFSET` sends one back to the topic it came from. It reads the same settings as the services.

Nothing has to be removed: letters go when the topic's time is over. Replaying is safe, as every reader takes the same
event twice without harm.
"""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from shop_kit.kafka import Message, Publisher
from shop_kit.kafka.clients import connection, start, stop_quietly
from shop_kit.settings import KafkaSettings, load

SECONDS = 10.0
STORY = "dlq."
"""Headers that begin so tell why it is a dead letter; the others are its own."""


class Settings(KafkaSettings):
    kafka_group: str = "operators"


async def letters(settings: Settings) -> list[ConsumerRecord]:
    """All there are, the oldest of each partition first."""
    found = []
    async with _reading(settings) as reader:
        topics = [t for t in await reader.topics() if t.startswith(f"{settings.kafka_topic}.") and t.endswith(".dlq")]
        places = [TopicPartition(t, p) for t in sorted(topics) for p in sorted(reader.partitions_for_topic(t) or ())]
        if places:
            reader.assign(places)
            await reader.seek_to_beginning()
            while batches := await reader.getmany(timeout_ms=2_000):
                found += [record for batch in batches.values() for record in batch]
    return sorted(found, key=lambda record: (record.topic, record.partition, record.offset))


async def replay(settings: Settings, topic: str, partition: int, offset: int) -> str:
    """Send the letter at this place back, as it was; returns the topic it went to. Raises TimeoutError if there is
    none."""
    async with _reading(settings) as reader:
        place = TopicPartition(topic, partition)
        reader.assign([place])
        reader.seek(place, offset)
        letter = await asyncio.wait_for(reader.getone(), SECONDS)
    back_to: str = dict(letter.headers)[f"{STORY}topic"].decode()
    own = tuple((name, value) for name, value in letter.headers if not name.startswith(STORY))
    publisher = Publisher(settings)
    try:
        await publisher.publish([Message(back_to, letter.key, letter.value, own)])
    finally:
        await publisher.close()
    return back_to


def line(letter: ConsumerRecord) -> str:
    """Its place, when it came there, its key and what was wrong; never what it says, which may be a customer's."""
    story = {name: value.decode(errors="replace") for name, value in letter.headers}
    since = datetime.fromtimestamp(int(story[f"{STORY}time"]) / 1000, UTC).isoformat(timespec="seconds")
    key = (letter.key or b"").decode(errors="replace")
    return f"{letter.topic} {letter.partition} {letter.offset}  {since}  {key}  {story[f'{STORY}error']}"


@asynccontextmanager
async def _reading(settings: Settings) -> AsyncIterator[AIOKafkaConsumer]:
    reader = AIOKafkaConsumer(**connection(settings), group_id=None, auto_offset_reset="earliest")
    try:
        await start(reader, SECONDS)
        yield reader
    finally:
        await stop_quietly(reader)


def main() -> int:
    """Run the command; exit code 1 when there is no letter at the place that was named."""
    parser = argparse.ArgumentParser(prog="python -m shop_kit.dead_letters")
    again = parser.add_subparsers(dest="command").add_parser("replay", help="send a dead letter back to its topic")
    again.add_argument("topic")
    again.add_argument("partition", type=int)
    again.add_argument("offset", type=int)
    options, settings = parser.parse_args(), load(Settings)
    if options.command is None:
        sys.stdout.write("".join(f"{line(letter)}\n" for letter in asyncio.run(letters(settings))))
        return 0
    try:
        topic = asyncio.run(replay(settings, options.topic, options.partition, options.offset))
    except TimeoutError:
        sys.stderr.write(f"There is no letter at {options.topic} {options.partition} {options.offset}\n")
        return 1
    sys.stdout.write(f"sent back to {topic}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
