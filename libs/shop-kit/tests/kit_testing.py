"""What the tests of shop-kit share."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRecord
from pydantic import BaseModel
from shop_kit.settings import KafkaSettings, MongoSettings


class Note(BaseModel):
    """An event for tests."""

    number: int


def note(number: int) -> bytes:
    return Note(number=number).model_dump_json().encode()


def unique(name: str) -> str:
    return f"{name}-{secrets.token_hex(4)}"


def kafka_settings(bootstrap: str) -> KafkaSettings:
    """The embedded broker's profile, with a consumer group of the test's own."""
    return KafkaSettings(
        kafka_bootstrap_servers=bootstrap,
        kafka_group=unique("group"),
        kafka_partitions=3,
        kafka_replication_factor=1,
        kafka_min_insync_replicas=1,
        kafka_idempotent_producer=False,
        kafka_fetch_max_wait_ms=10,
    )


def mongo_settings(uri: str) -> MongoSettings:
    return MongoSettings.model_validate({"mongodb_uri": uri, "db_name": unique("kit")})


async def eventually(check: Callable[[], Awaitable[Any] | Any], seconds: float = 20) -> None:
    """Wait until `check` is true; fails when the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        found = check()
        if isinstance(found, Awaitable):
            found = await found
        if found:
            return
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)


async def read(bootstrap: str, topic: str, count: int, seconds: float = 20) -> list[ConsumerRecord]:
    """The first `count` messages of a topic."""
    reader = AIOKafkaConsumer(
        topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest", fetch_max_wait_ms=10, metadata_max_age_ms=500
    )
    found: list[ConsumerRecord] = []
    await reader.start()
    try:
        async with asyncio.timeout(seconds):
            while len(found) < count:
                for records in (await reader.getmany(timeout_ms=200)).values():
                    found.extend(records)
    finally:
        await reader.stop()
    return found
