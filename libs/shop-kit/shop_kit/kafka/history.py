"""All that topics still have, from its beginning: by it a database that was restored from a backup learns what has
happened since.

It is read beside every group, so no group's place changes.
"""

from collections.abc import AsyncIterator, Mapping
from typing import TypeVar

from aiokafka import AIOKafkaConsumer
from pydantic import BaseModel

from shop_kit.kafka.clients import connection, start, stop_quietly
from shop_kit.kafka.delivery import Delivery, decode
from shop_kit.settings import KafkaSettings

E = TypeVar("E", bound=BaseModel)

CHUNK = 100
START_SECONDS = 30.0
QUIET_MS = 1_000


async def history(settings: KafkaSettings, contracts: Mapping[str, type[E]]) -> AsyncIterator[list[Delivery[E]]]:
    """The events of the topics in `contracts` (topic -> event model), up to a hundred at once, those of a partition in
    their sequence; what fits no contract is left out. Ends with what there was when it began, or a little later.

    Raises KafkaError, OSError or TimeoutError if the broker does not answer.
    """
    reader = AIOKafkaConsumer(
        *contracts,
        **connection(settings),
        group_id=None,
        auto_offset_reset="earliest",
    )
    try:
        await start(reader, START_SECONDS)
        ends = await reader.end_offsets(reader.assignment())
        over = False
        while not over:
            # The embedded broker reports the first offset of the last batch as the end: so what comes in the moment
            # after it was reached is read, too.
            over = all([await reader.position(place) >= end for place, end in ends.items()])
            fetched = await reader.getmany(timeout_ms=QUIET_MS, max_records=CHUNK)
            deliveries = []
            for record in (record for batch in fetched.values() for record in batch):
                try:
                    deliveries.append(decode(record, contracts))
                except ValueError:
                    continue
            if deliveries:
                yield deliveries
    finally:
        await stop_quietly(reader)
